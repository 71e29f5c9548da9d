/**
 * Lyrics to measure with: LRC files of lines that are put together from phrases of this file, by a seeded generator,
 * so that everyone has the same ones.
 */

export const LANGUAGES = ['ja', 'zh', 'yue', 'ko'] as const;
export type LyricsLanguage = (typeof LANGUAGES)[number];

/** What a line is made of: one phrase of each slot, in order. */
type Slots = readonly (readonly string[])[];

const JAPANESE: Slots = [
  [
    '夜明けの',
    '静かな',
    '遠い',
    '冬の',
    '雨上がりの',
    '海辺の',
    '名もない',
    '懐かしい',
    '眠れない',
    '終わらない',
  ],
  [
    '街で',
    '空に',
    '駅のホームで',
    '部屋の窓から',
    '坂道を',
    '夢の中で',
    '波の音に',
    '風の中',
    '花火の下で',
    '校庭の隅で',
  ],
  [
    '君の声を',
    '小さな灯りを',
    '忘れた歌を',
    '流れる星を',
    '二人の影を',
    '本当の気持ちを',
    '古い手紙を',
    'あの日の約束を',
    '涙の理由を',
    '明日の天気を',
  ],
  [
    '探している',
    '抱きしめた',
    '思い出していた',
    '待ち続けるよ',
    '見つめていたい',
    '数えながら歩く',
    '信じてみよう',
    '隠したままで',
    '追いかけて行く',
    'そっと歌った',
  ],
];

const MANDARIN: Slots = [
  ['清晨的', '安静的', '遥远的', '冬天的', '雨后的', '海边的', '陌生的', '熟悉的', '不眠的', '长长的'],
  ['街道上', '天空里', '车站旁', '窗户外', '山坡下', '梦境中', '浪花间', '风声里', '烟火下', '角落里'],
  ['我们', '你还', '谁在', '他们都', '我不曾', '你总是', '有人', '大家一起', '我只想', '没有人'],
  ['寻找着', '记得', '唱起了', '等待着', '看见了', '忘不掉', '数着', '相信', '带走了', '轻轻说出'],
  [
    '你的声音',
    '那盏小灯',
    '忘记的歌',
    '流过的星',
    '两个人的影子',
    '真正的心情',
    '旧的书信',
    '那天的约定',
    '眼泪的重量',
    '明天的天气',
  ],
];

const CANTONESE: Slots = [
  [
    '天光嘅',
    '靜靜哋嘅',
    '好遠嘅',
    '冬天嘅',
    '落完雨嘅',
    '海邊嘅',
    '唔識名嘅',
    '熟口熟面嘅',
    '瞓唔着嘅',
    '長長嘅',
  ],
  [
    '街道度',
    '天空入面',
    '車站隔籬',
    '窗口外面',
    '斜路下面',
    '個夢裏面',
    '浪花之間',
    '風聲入面',
    '煙花之下',
    '角落頭',
  ],
  ['我哋', '你仲', '邊個喺度', '佢哋都', '我未曾', '你成日', '有人', '大家一齊', '我淨係想', '冇人'],
  ['搵緊', '記得', '唱起咗', '等緊', '睇到', '唔記得', '數住', '相信', '帶走咗', '輕輕講出'],
  [
    '你把聲',
    '嗰盞燈仔',
    '唔記得嘅歌',
    '流過嘅星',
    '兩個人嘅影',
    '真正嘅心情',
    '舊嘅信',
    '嗰日嘅約定',
    '眼淚嘅重量',
    '聽日嘅天氣',
  ],
];

const KOREAN: Slots = [
  [
    '새벽의',
    '조용한',
    '머나먼',
    '겨울의',
    '비 갠 뒤의',
    '바닷가의',
    '이름 없는',
    '그리운',
    '잠 못 드는',
    '끝없는',
  ],
  [
    '거리에서',
    '하늘 아래',
    '역 앞에서',
    '창밖으로',
    '언덕길을',
    '꿈속에서',
    '파도 소리에',
    '바람 속에',
    '불꽃놀이 밑에서',
    '골목 끝에서',
  ],
  [
    '너의 목소리를',
    '작은 등불을',
    '잊었던 노래를',
    '흐르는 별을',
    '두 사람의 그림자를',
    '진짜 마음을',
    '낡은 편지를',
    '그날의 약속을',
    '눈물의 이유를',
    '내일의 날씨를',
  ],
  [
    '찾고 있어',
    '안아 주었네',
    '떠올리고 있었지',
    '기다릴게요',
    '바라보고 싶어',
    '세면서 걷는다',
    '믿어 볼게',
    '숨긴 채로 웃는다',
    '따라갈 거야',
    '가만히 불렀다',
  ],
];

const SLOTS: Readonly<Record<LyricsLanguage, Slots>> = {
  ja: JAPANESE,
  zh: MANDARIN,
  yue: CANTONESE,
  ko: KOREAN,
};

/**
 * The parts of a song of 40 lines: a chorus that is sung three times, and 28 lines that are different.
 * `through-composed`: no line comes twice, so that nothing is won by remembering one.
 */
const FORMS = {
  song: ['verse 1', 'chorus', 'verse 2', 'chorus', 'bridge', 'chorus'],
  'through-composed': ['verse 1', 'chorus', 'verse 2', 'chorus 2', 'bridge', 'chorus 3'],
} as const;
export type SongForm = keyof typeof FORMS;

const PART_LINES = { verse: 8, chorus: 6, bridge: 6 } as const;
/** Lines of a file. */
export const SONG_LINES = 40;

/** An LRC file of 40 timed lines, in UTF-8. The same seed gives the same file. */
export function makeLyrics(language: LyricsLanguage, form: SongForm, seed: number): Uint8Array {
  const slots = SLOTS[language];
  const random = generator(seed);
  const texts = new Set<string>();
  const fresh = (): string => {
    const before = texts.size;
    let text = '';
    while (texts.size === before) {
      text = slots.map((phrases) => phrases[Math.floor(random() * phrases.length)]).join(joiner(language));
      texts.add(text);
    }
    return text;
  };
  const parts = new Map<string, readonly string[]>();
  const song = FORMS[form].flatMap((part) => {
    const [kind = ''] = part.split(' ');
    const length = PART_LINES[kind as keyof typeof PART_LINES];
    const lines = parts.get(part) ?? Array.from({ length }, fresh);
    parts.set(part, lines);
    return lines;
  });
  const stamped = song.map((text, index) => `[${stamp(index * 4.2 + 1)}]${text}`);
  return new TextEncoder().encode([`[ti:song ${seed}]`, ...stamped, ''].join('\n'));
}

function joiner(language: LyricsLanguage): string {
  return language === 'ko' ? ' ' : '';
}

function stamp(seconds: number): string {
  const minutes = String(Math.floor(seconds / 60)).padStart(2, '0');
  return `${minutes}:${(seconds % 60).toFixed(2).padStart(5, '0')}`;
}

/** Mulberry32 (T. Ettinger, 2017, public domain): 0 to 1, the same for everyone. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
