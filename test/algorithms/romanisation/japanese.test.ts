import { beforeAll, describe, expect, it } from 'vitest';
import { hepburn } from '../../../src/algorithms/romanisation/japanese/hepburn.ts';
import {
  type JapaneseRomaniser,
  loadJapanese,
} from '../../../src/algorithms/romanisation/japanese/japanese.ts';
import { loadTokenizer } from '../../../src/algorithms/romanisation/japanese/tokenizer.ts';
import { joinWords } from '../../../src/algorithms/romanisation/romaniser.ts';

describe('hepburn', () => {
  it.each([
    ['コンヤ', "kon'ya"],
    ['キンヨービ', "kin'yōbi"],
    ['シンブン', 'shinbun'],
    ['マッチャ', 'matcha'],
    ['ガッコー', 'gakkō'],
    ['ヴァンパイア', 'vanpaia'],
    ['ティーンエイジャー', "tīn'eijā"],
    ['ファンタジー', 'fantajī'],
    ['チェリー', 'cherī'],
    ['ドゥ', 'du'],
    ['ウォーター', 'wōtā'],
    ['ジュッ', 'ju'],
    ['リュー', 'ryū'],
    ['ヅ', 'zu'],
  ])('%s is %s', (kana, latin) => {
    expect(hepburn(kana)).toBe(latin);
  });
});

describe('JapaneseRomaniser', () => {
  let japanese: JapaneseRomaniser;
  beforeAll(async () => {
    japanese = await loadJapanese();
  });

  it.each([
    // Particles, endings, long vowels.
    ['僕は君へ手紙を書いた', 'boku wa kimi e tegami o kaita'],
    ['昨日カレーを食べました', 'kinō karē o tabemashita'],
    ['忘れられないあの夏の日', 'wasurerarenai ano natsu no hi'],
    ['走り出した列車の窓から', 'hashiridashita ressha no mado kara'],
    ['一緒に行こうよ', 'issho ni ikō yo'],
    ['泣かないで、笑ってよ', 'nakanaide, waratte yo'],
    ['見てるだけでいいんじゃない', 'miteru dake de ii n ja nai'],
    ['お母さんと大きな声で', 'okāsan to ōkina koe de'],
    ['嬉しいと言うなら', 'ureshii to iu nara'],
    ['夢という名の列車', 'yume to iu na no ressha'],
    ['愛について思う', 'ai ni tsuite omou'],
    ['ねぇ、聞こえてる？', 'nē, kikoeteru?'],
    ['東京タワーとヴィーナス', 'tōkyō tawā to vīnasu'],
    // What singers always sing.
    ['二人きりの夜', 'futari kiri no yoru'],
    ['一人で歩いた', 'hitori de aruita'],
    ['私の明日は今日より', 'watashi no ashita wa kyō yori'],
    ['運命と永遠', 'unmei to eien'],
    ['君の側にいたい', 'kimi no soba ni itai'],
    ['此処で彷徨う', 'koko de samayou'],
    ['この身体が覚えてる', 'kono karada ga oboeteru'],
    ['夢色の空', 'yumeiro no sora'],
    ['碧い海を失くした', 'aoi umi o nakushita'],
    ['別れた後の長い間', 'wakareta ato no nagai aida'],
    ['他の誰かを待つ間に', 'hoka no dareka o matsu aida ni'],
    // Numbers and counters.
    ['三本の薔薇を百回も', 'sanbon no bara o hyakkai mo'],
    ['二十歳の頃', 'hatachi no koro'],
    ['一歩ずつ、何千回でも', 'ippo zutsu, nanzenkai demo'],
    ['10年後の3月9日', 'jūnengo no sangatsu kokonoka'],
    ['24時間', 'nijūyojikan'],
    ['十一人', 'jūichinin'],
    ['一日中君のこと考えてる', 'ichinichijū kimi no koto kangaeteru'],
    ['田中君は', 'tanakakun wa'],
    ['数日の旅', 'sūjitsu no tabi'],
    ['四月一日', 'shigatsu tsuitachi'],
    // Readings that hang on neighbours.
    ['雪が降りそうな夜', 'yuki ga furisō na yoru'],
    ['駅で降りました', 'eki de orimashita'],
    ['ピアノが弾ける', 'piano ga hikeru'],
    ['学校へ通っていた', 'gakkō e kayotte ita'],
    ['今ここにいる', 'ima koko ni iru'],
    ['金がない、金の指輪', 'kane ga nai, kin no yubiwa'],
    ['毎日家にいた', 'mainichi ie ni ita'],
    ['そんな風に、冷たい風に', 'sonna fū ni, tsumetai kaze ni'],
    ['料理人と日本人', 'ryōrinin to nihonjin'],
    ['闇が覆う夜、宴を催す', 'yami ga ōu yoru, utage o moyōsu'],
    ['炎と大空', 'honō to ōzora'],
    // Compounds that the dictionary lacks; two native nouns are two words.
    ['誤射、渡欧、保湿', 'gosha, toō, hoshitsu'],
    ['鹿肉と白雪', 'shika niku to shirayuki'],
    // Words in kana that the dictionary has in kanji.
    ['なみだがとまらないせかい', 'namida ga tomaranai sekai'],
    ['てがみはうしろのとびらに', 'tegami wa ushiro no tobira ni'],
    ['あいたいんだ、そばにいたいんだ', 'aitai n da, soba ni itai n da'],
    // Vowels drawn out within a word.
    ['だーいすき', 'dāisuki'],
    ['すごぉく好きだよぉ', 'sugōku suki da yō'],
    // Old and rare spellings.
    ['さま〲な戀', 'samazama na koi'],
    ['乍ら、所謂、兎に角', 'nagara, iwayuru, tonikaku'],
    ['連れてって、連れてってと言う', 'tsuretette, tsuretette to iu'],
    // Readings in brackets, iteration marks.
    ['運命（さだめ）を抱(いだ)いて', 'sadame o idaite'],
    ['永遠運命(さだめ)', 'eien sadame'],
    ['宇宙《そら》へ', 'sora e'],
    ['人々の日々', 'hitobito no hibi'],
    ['こゝろ、すゞめ', 'kokoro, suzume'],
    ['ｱｲﾄﾞﾙのﾀﾞﾝｽ', 'aidoru no dansu'],
    ['ダンスが好き'.normalize('NFD'), 'dansu ga suki'],
  ])('%s is %s', (text, latin) => {
    expect(joinWords(japanese.romanise(text))).toBe(latin);
  });

  it('passes Latin text and numbers that count nothing through', () => {
    expect(joinWords(japanese.romanise('Oh my darling 君だけ (baby) No.1 1999'))).toBe(
      'Oh my darling kimi dake (baby) No.1 1999',
    );
  });

  it('leaves no kanji of common use unread', () => {
    for (const text of ['閉社', '憑いている', '従う', '璃'])
      expect(joinWords(japanese.romanise(text))).toMatch(/^[a-zāīūēō' ]+$/);
  });

  it('knows where in the line each word began, though spellings change length', () => {
    const line = '彷徨う心 いろ〱な愛しさ';
    expect(japanese.romanise(line).map(({ start, text }) => [line.charAt(start), text])).toEqual([
      ['彷', 'samayou'],
      ['心', 'kokoro'],
      ['い', 'iroiro'],
      ['な', 'na'],
      ['愛', 'itoshisa'],
    ]);
  });

  it('has the b of speech for ヴ in kana, and v in Latin letters', () => {
    expect(japanese.reading('ヴァイオリン')).toBe('バイオリン');
    expect(joinWords(japanese.romanise('ヴァイオリン'))).toBe('vaiorin');
  });

  it('gives its reading in kana', () => {
    expect(japanese.reading('二人は東京へ行こうと言う')).toBe('フタリワトーキョーエイコートイウ');
  });

  it('finds the words that the analyser alone finds', async () => {
    const tokenizer = await loadTokenizer();
    const surfaces = tokenizer
      .tokenize('𠮷野家でラテン・アメリカ音楽😀を聴く')
      .map(({ surface_form }) => surface_form);
    expect(surfaces.join('')).toBe('𠮷野家でラテン・アメリカ音楽😀を聴く');
    expect(surfaces).toContain('音楽');
  });
});
