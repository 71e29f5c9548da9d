/**
 * Words that lyrics write in kana though the dictionary has them in kanji alone. Unknown, such a word falls
 * apart into particles (なみ だ, て が み). The analyser takes each for the word in kanji, and weighs it as it
 * weighs any other. Verbs, adjectives and short words of native origin are mostly there in kana already.
 */
const PAIRS = `
  やくそく約束 なみだ涙 きぼう希望 きもち気持ち ねがい願い まど窓 とびら扉 ゆびわ指輪 てがみ手紙 ゆび指
  てのひら手のひら せなか背中 こいびと恋人 かぞく家族 はは母 ちち父 ゆうがた夕方 よぞら夜空 あおぞら青空
  ゆうやけ夕焼け にじ虹 じかん時間 しゅんかん瞬間 えいえん永遠 せかい世界 うちゅう宇宙 ちきゅう地球 りゆう理由
  なまえ名前 ばしょ場所 うしろ後ろ でんしゃ電車 ひこうき飛行機 じてんしゃ自転車 えいが映画 おんがく音楽
  うんめい運命 はじまり始まり さいご最後 さいしょ最初 へいき平気 きせき奇跡 みらい未来 げんき元気
  しんじつ真実 じゆう自由 こどく孤独 ゆうき勇気 かのじょ彼女 だいすき大好き だいじょうぶ大丈夫 たいせつ大切
  とくべつ特別 すてき素敵 ふしぎ不思議 きおく記憶 おもいで思い出 けしき景色 こうえん公園 がっこう学校 せんせい先生
  まほう魔法 ぼうけん冒険 ほうせき宝石 てんし天使 あくま悪魔 たからもの宝物 はなび花火 なつやすみ夏休み かがみ鏡
  むじゃき無邪気 しょうねん少年 しょうじょ少女 ぎんが銀河 にんげん人間 じんせい人生 まいにち毎日 こんや今夜
  まよなか真夜中 ためいき溜息 まぼろし幻 ほほえみ微笑み くちづけ口付け こもれび木漏れ日 あまやどり雨宿り かげ影 もり森 あき秋
`;

/** Spelling in kana to that of the dictionary. */
export const KANA_WORDS: readonly (readonly [kana: string, spelling: string])[] = [
  ...PAIRS.matchAll(/([ぁ-んー]+?)((?=\p{sc=Han})\S+)/gu),
].map(([, kana = '', spelling = '']) => [kana, spelling] as const);
