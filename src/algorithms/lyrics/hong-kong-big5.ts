/**
 * Characters of the Hong Kong Supplementary Character Set (HKSCS-2016, Office of the Government Chief Information
 * Officer) that written Cantonese cannot do without, and variants usual in Hong Kong, each with its code in Big5. Of the
 * set's 5,000 they are all that the Hong Kong Cantonese Corpus holds, and more.
 */
const SUPPLEMENT =
  '争89e2 咓89f0 㖿89fc 唥8a41 𠴕8a44 𥄫8a45 喐8a46 㧬8a48 𩓥8a4c 睺8a4f 𨅝8a53 𦧲8a54 擝8a56 𤓓8a62 𩩍8a65 𨃩8a66 ' +
  '䟴8a67 𤺧8a68 𢳂8a69 哣8a79 𡁯8a7e 𦜖8aa2 𤗈8ab2 𠽌8ab5 啹8ab7 捹8ac1 氽8adb 𧕴8adf 𨳍8ae3 𠹺8ae4 𥇣8aec 𠵇8af2 ' +
  '𠹌8af4 𠺫8af6 𠮩8af7 𡃀8af9 搲8afd 𠵿8b44 𢱕8b46 𠼮8b4a 𨶙8b4e 閪8b50 𨂽8b62 𠻺8b64 𠸏8b65 𡃉8b6e 𡀝8b79 𨋍8ba2 ' +
  '惗8d71 㨃8da1 揢8da2 毁8dd2 温8de0 窻8e4f 竪8e58 綫8ea8 羣8ec4 舘8ee8 嫲8f78 衞8fc0 瞓8fd4 𡀔9042 躭9048 邨9068 ' +
  '鰂916f 鷄91a1 嚟91c1 哋925d 𠮨9262 梘93f4 啫94dc 糍94f3 脷9563 𥚃95a8 啱95da 餸9652 𩗗965a 吔96ef 埗96f5 糭995c ' +
  '㬹997b 艔99ac 艶99af 麽9aac 𠻗9ade 𡁜9ae5 𡃓9aee 拃9b46 𠝹9bd0 軚9bd1 劏9bd3 𥊙9bd6 喼9bda 嚹9c54 氹9cae 囖9cc5 ' +
  '揦9d4a 躀9dae 㷫9db5 𣲷9db7 𦉘9dbc 嚿9dbd 踎9dbf 孭9dc0 揞9dc3 攰9dc7 𥱊9dc9 𩶘9dcd 嘢9dcf 嘞9dd0 罉9dd1 𠿪9dd7 ' +
  '嘥9de5 噃9deb 吖9dec 𠺝9ded 㗎9dee 嘅9def 嗱9df0 曱9df1 𨋢9df2 甴9df4 嗰9df5 喺9df6 咗9df7 啲9df8 𠱁9df9 𥅈9dfc ' +
  '𠺢9e40 𡁵9e44 賍9e48 燶9e49 揼9e4b 掹9e4c 揾9e4d 啩9e4e 𢺳9e51 冚9e52 冧9e55 唞9e57 唓9e58 踭9e5a 肶9e5d 裇9e60 ' +
  '膶9e61 𢛴9e6b 𠻹9e77 𠿬9ea7 鯭9eca 㖭9efc 𠵱9f4d 寃9f6b 㗾9fd7 㗳9fd9 况fa47 冲fa7d 凉faa2 减faa3 决faa8 刼fab2 ' +
  '剗fab4 滙fac0 恊facb 厠fadb 叠faea 𠱷faee 吓faef 啝faf7 咤faf9 噍fb54 噏fb55 啓fba3 峯fbdf 攞fcab 揸fcb6 敍fcc5 ' +
  '栢fcf8 櫈fd5f 毡fd6f 汚fd76 牀fe48 鎅feb0 畧feb3 着fed3 ';

/** Node's decoder (ICU) leaves a code of the supplement as a character for private use, another one for each code. */
const CHARACTERS: ReadonlyMap<string, string> = new Map(
  Array.from(SUPPLEMENT.matchAll(/(.)([0-9a-f]{4})/gu), ([, character = '', code = '']) => [
    new TextDecoder('big5').decode(
      Uint8Array.of(Number.parseInt(code.slice(0, 2), 16), Number.parseInt(code.slice(2), 16)),
    ),
    character,
  ]),
);

const PRIVATE_USE = /[\ue000-\uf8ff]/g;

/** Text decoded from Big5 with the characters of Hong Kong's supplement put in; codes not in the table stay as they are. */
export function withHongKongCharacters(text: string): string {
  return text.replace(PRIVATE_USE, (character) => CHARACTERS.get(character) ?? character);
}
