import { describe, expect, it } from 'vitest';
import { KoreanRomaniser } from '../../../src/algorithms/romanisation/korean/korean.ts';
import { joinWords } from '../../../src/algorithms/romanisation/romaniser.ts';

const korean = new KoreanRomaniser();

describe('KoreanRomaniser', () => {
  it.each([
    // Linking and reduced codas.
    ['옷이', 'osi'],
    ['꽃을', 'kkocheul'],
    ['밖에', 'bakke'],
    ['앉아', 'anja'],
    ['닭을', 'dalgeul'],
    ['닭', 'dak'],
    ['삶', 'sam'],
    ['값', 'gap'],
    ['잃어버린', 'ireobeorin'],
    // Nasals and liquids.
    ['국물', 'gungmul'],
    ['있는', 'inneun'],
    ['앞문', 'ammun'],
    ['심리', 'simni'],
    ['국립', 'gungnip'],
    ['연락', 'yeollak'],
    ['칼날', 'kallal'],
    ['신문로', 'sinmunno'],
    ['대관령', 'daegwallyeong'],
    // Palatalisation.
    ['굳이', 'guji'],
    ['끝이', 'kkeuchi'],
    ['붙여', 'buchyeo'],
    ['닫혀', 'dachyeo'],
    // h: aspirates in verbs, is kept in nouns, is silent before a vowel.
    ['그렇게', 'geureoke'],
    ['따뜻해', 'ttatteutae'],
    ['행복하게', 'haengbokage'],
    ['특히', 'teuki'],
    ['잊혀진', 'ichyeojin'],
    ['묵호', 'mukho'],
    ['축하해', 'chukhahae'],
    ['좋은', 'joeun'],
    ['쌓이는', 'ssaineun'],
    ['않는', 'anneun'],
    // y is no reason to insert n within a word, but in compounds it is.
    ['속삭여', 'soksagyeo'],
    ['귀 기울여', 'gwi giuryeo'],
    ['절약', 'jeoryak'],
    ['깻잎', 'kkaennip'],
    ['색연필', 'saengnyeonpil'],
    ['한여름 밤', 'hannyeoreum bam'],
    ['서른여섯', 'seoreunnyeoseot'],
    // Independent second halves.
    ['맛없어', 'madeopseo'],
    ['첫인상', 'cheodinsang'],
    // Stems.
    ['읽고', 'ilgo'],
    ['닭과', 'dakgwa'],
    ['밟지', 'bapji'],
    ['희망', 'huimang'],
  ])('%s is %s', (hangul, latin) => {
    expect(joinWords(korean.romanise(hangul))).toBe(latin);
  });

  it('passes Latin text, digits and punctuation through, and reads lone letters', () => {
    expect(joinWords(korean.romanise('Oh baby, 너만 24시간! (진짜)ㅋㅋ'))).toBe(
      'Oh baby, neoman 24 sigan! (jinjja)kk',
    );
  });

  it('reads decomposed hangul as composed', () => {
    expect(joinWords(korean.romanise('사랑해'.normalize('NFD')))).toBe('saranghae');
  });
});
