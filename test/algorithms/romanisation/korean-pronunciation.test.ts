import { describe, expect, it } from 'vitest';
import { KoreanRomaniser } from '../../../src/algorithms/romanisation/korean/korean.ts';
import { joinWords } from '../../../src/algorithms/romanisation/romaniser.ts';

/**
 * Words by article of the Standard Pronunciation (표준 발음법, National Institute of Korean Language, 2017), most of them
 * its own examples, in the Revised Romanization (국어의 로마자 표기법, 2000): tensed sounds are not shown, h is kept in
 * nouns after k, t and p, and each word that spaces divide stands by itself. Written down before the code was run.
 */
const ARTICLES: Readonly<Record<string, string>> = {
  '8 and 9, codas at the end of a word and before consonants': `
    각하=gakha; 부엌=bueok; 밖=bak
  `,
  '10 and 11, clusters': `
    넋=neok; 앉다=anda; 여덟=yeodeol; 넓다=neolda; 외곬=oegol; 핥다=halda
    값=gap; 없다=eopda; 밟다=bapda; 밟는=bamneun; 밟아=balba; 넓죽하다=neopjukada
    닭=dak; 흙과=heukgwa; 맑다=makda; 늙지=neukji; 맑게=malge; 읽고=ilgo
    읽다=ikda; 읽어=ilgeo; 읽는=ingneun; 삶=sam; 젊다=jeomda; 읊다=eupda
    읊고=eupgo
  `,
  '12, h': `
    놓고=noko; 좋던=joteon; 많고=manko; 않던=anteon; 닳지=dalchi; 좋아=joa
    않아=ana; 많아=mana; 잃어=ireo; 싫어=sireo; 끓여=kkeuryeo; 닿소=daso
    놓는=nonneun; 쌓네=ssanne; 않네=anne; 뚫는=ttulleun; 뚫네=ttulle; 맏형=mathyeong
    좁히다=jopida; 꽂히다=kkochida; 앉히다=anchida; 옷 한 벌=ot han beol; 낮 한때=nat hanttae; 꽃 한 송이=kkot han songi
    못해=motae; 못하다=motada; 숱하다=sutada
  `,
  '13 to 15, linking, and second halves that keep their independence': `
    깎아=kkakka; 꽂아=kkoja; 덮이다=deopida; 앞으로=apeuro; 넋이=neoksi; 앉아=anja
    닭을=dalgeul; 젊어=jeolmeo; 곬이=golsi; 핥아=halta; 읊어=eulpeo; 값을=gapseul
    없어=eopseo; 값이=gapsi; 없을까=eopseulkka; 밭 아래=bat arae; 늪 앞=neup ap; 젖어미=jeodeomi
    맛없다=madeopda; 겉옷=geodot; 헛웃음=heoduseum; 꽃 위=kkot wi; 맛있다=masitda; 멋있다=meositda
    넋 없다=neok eopda; 닭 앞에=dak ape
  `,
  '17, palatalisation': `
    굳이=guji; 해돋이=haedoji; 미닫이=midaji; 같이=gachi; 붙이다=buchida; 끝이=kkeuchi
    벼훑이=byeohulchi; 굳히다=guchida; 닫히다=dachida; 묻히다=muchida; 햇볕이=haetbyeochi
  `,
  '18 and 19, nasals': `
    먹는=meongneun; 국물=gungmul; 깎는=kkangneun; 키읔만=kieungman; 몫몫이=mongmoksi; 긁는=geungneun
    흙만=heungman; 닫는=danneun; 짓는=jinneun; 옷맵시=onmaepsi; 있는=inneun; 맞는=manneun
    젖멍울=jeonmeongul; 쫓는=jjonneun; 꽃망울=kkonmangul; 붙는=bunneun; 잡는=jamneun; 밥물=bammul
    앞마당=ammadang; 읊는=eumneun; 없는=eomneun; 값매다=gammaeda; 침략=chimnyak; 강릉=gangneung
    항로=hangno; 대통령=daetongnyeong; 막론=mangnon; 협력=hyeomnyeok; 십리=simni
  `,
  '20, liquids': `
    난로=nallo; 신라=silla; 천리=cheolli; 광한루=gwanghallu; 대관령=daegwallyeong; 칼날=kallal
    물난리=mullalli; 줄넘기=julleomgi; 할는지=halleunji; 닳는=dalleun; 의견란=uigyeonnan; 임진란=imjinnan
    생산량=saengsannyang; 결단력=gyeoldannyeok; 공권력=gonggwonnyeok; 동원령=dongwonnyeong; 상견례=sanggyeonnye; 횡단로=hoengdanno
    이원론=iwonnon; 입원료=ibwonnyo
  `,
  '29, n between the halves of a compound': `
    솜이불=somnibul; 홑이불=honnibul; 막일=mangnil; 삯일=sangnil; 맨입=maennip; 꽃잎=kkonnip
    내복약=naebongnyak; 한여름=hannyeoreum; 남존여비=namjonnyeobi; 신여성=sinnyeoseong; 색연필=saengnyeonpil; 직행열차=jikhaengnyeolcha
    늑막염=neungmangnyeom; 콩엿=kongnyeot; 담요=damnyo; 눈요기=nunnyogi; 영업용=yeongeomnyong; 식용유=sigyongnyu
    백분율=baekbunnyul; 밤윷=bamnyut; 들일=deullil; 솔잎=sollip; 설익다=seollikda; 물약=mullyak
    불여우=bullyeou; 서울역=seoullyeok; 물엿=mullyeot; 휘발유=hwiballyu; 유들유들=yudeullyudeul
  `,
  '29, where none comes; 5, ui; lyrics': `
    육이오=yugio; 3·1절=3·1 jeol; 송별연=songbyeoryeon; 등용문=deungyongmun; 의사=uisa; 주의=juui
    우리의=uriui; 나의 사랑=naui sarang; 희망=huimang; 무늬=munui; 강의의=ganguiui; 할 거야=hal geoya
    갈 데가=gal dega; 몇 해=myeot hae; 몇 년=myeot nyeon; 할 일=hal il; 꽃잎이=kkonnipi; 빛이=bichi
    빚을=bijeul; 꽃이=kkochi; 꽃밭=kkotbat; 숲에=supe; 무릎이=mureupi; 낱말=nanmal
    옛날=yennal; 빗물=binmul; 눈물=nunmul; 입맞춤=immatchum; 첫눈=cheonnun; 첫사랑=cheotsarang
    마음속=maeumsok; 햇살=haetsal; 별빛=byeolbit; 달빛 아래=dalbit arae; 밤하늘=bamhaneul; 영원히=yeongwonhi
    행복해=haengbokae; 생각해=saenggakae; 약속해=yaksokae; 부탁해=butakae; 시작해=sijakae; 대답해=daedapae
    답답해=dapdapae; 입학=iphak; 축하=chukha; 백화점=baekhwajeom; 그렇지=geureochi; 이렇게=ireoke
    괜찮아=gwaenchana; 괜찮니=gwaenchanni; 잊지 마=itji ma; 잊었니=ijeonni; 잊혀져=ichyeojyeo; 했잖아=haetjana
    갔었지=gasseotji; 있었어=isseosseo; 없잖아=eopjana; 끝없이=kkeudeopsi; 꿈같은=kkumgateun; 낯선=natseon
    맞아=maja; 놓치지=notchiji; 보고 싶어=bogo sipeo; 싶다=sipda; 싶은=sipeun; 좋겠어=jokesseo
    어떻게=eotteoke; 어떡해=eotteokae; 못 잊어=mot ijeo; 못난=monnan; 못 믿어=mot mideo; 한국어=hangugeo
    독립문=dongnimmun; 속리산=songnisan; 종로=jongno; 왕십리=wangsimni; 학여울=hangnyeoul; 알약=allyak
    별내=byeollae; 좋고=joko; 낳지=nachi; 잡혀=japyeo; 놓다=nota; 묵호=mukho
    집현전=jiphyeonjeon; 압구정=apgujeong; 낙동강=nakdonggang; 죽변=jukbyeon; 낙성대=nakseongdae; 합정=hapjeong
    팔당=paldang; 샛별=saetbyeol; 울산=ulsan; 구미=gumi; 영동=yeongdong; 백암=baegam
    옥천=okcheon; 호법=hobeop; 월곶=wolgot; 벚꽃=beotkkot; 한밭=hanbat
  `,
  'words and lines of lyrics': `
    밟히다=balpida; 넓어=neolbeo; 짧은=jjalbeun; 얇게=yalge; 닮은=dalmeun; 닮고=damgo
    굶다=gumda; 옮기다=omgida; 읽히다=ilkida; 밝히다=balkida; 밝혀=balkyeo; 넓혀=neolpyeo
    얹혀=eonchyeo; 맺힌=maechin; 갇혀=gachyeo; 갇힌=gachin; 부딪혀=budichyeo; 부딪히다=budichida
    쌓여=ssayeo; 놓여=noyeo; 닿아=daa; 좋은데=joeunde; 싫은=sireun; 끊어=kkeuneo
    끊임없이=kkeunimeopsi; 끊긴=kkeunkin; 앓다=alta; 꿇고=kkulko; 옳지=olchi; 안팎=anpak
    밭이=bachi; 찬란=challan; 찬란한=challanhan; 관련=gwallyeon; 진리=jilli; 음료=eumnyo
    명령=myeongnyeong; 정류장=jeongnyujang; 합류=hamnyu; 법률=beomnyul; 선릉=seolleung; 한라산=hallasan
    뜻없이=tteudeopsi; 빛없는=bideomneun; 꽃답다=kkotdapda; 벗어나=beoseona; 헤맸던=hemaetdeon; 괜히=gwaenhi
    천천히=cheoncheonhi; 가득히=gadeuki; 솔직히=soljiki; 못한=motan; 못할=motal; 깨끗한=kkaekkeutan
    비슷해=biseutae; 따뜻하게=ttatteutage; 또렷하게=ttoryeotage; 착한=chakan; 약한=yakan; 급히=geupi
    곱하기=gopagi; 답하다=dapada; 잡힐=japil; 뽑힌=ppopin; 입히다=ipida; 막혀=makyeo
    먹히다=meokida; 낙하=nakha; 국화=gukhwa; 북한산=bukhansan; 집합=jiphap; 숙희=sukhui
    입학식=iphaksik; 박하사탕=bakhasatang; 육호=yukho; 십호=sipho; 그곳에=geugose; 꽃을 든=kkocheul deun
    밤낮으로=bamnajeuro; 낮에=naje; 밑에=mite; 밑이=michi; 햇빛에=haetbiche; 부엌에=bueoke
    무릎 위=mureup wi; 잎새=ipsae; 꿈엔들=kkumendeul; 옛이야기=yenniyagi; 앞일=amnil; 뒷일=dwinnil
    헛일=heonnil; 꽃잎을=kkonnipeul; 나뭇잎=namunnip; 깻잎=kkaennip; 베갯잇=begaennit; 한 입=han ip
    첫 입맞춤=cheot immatchum; 볼일=bollil; 할일=hallil; 별일=byeollil; 잘못=jalmot; 몫까지=mokkkaji
    훑고=hulgo; 훑어=hulteo; 핥고=halgo; 값진=gapjin; 앉고=ango; 앉지=anji
    얹다=eonda; 많네=manne; 많소=manso; 싫소=silso; 끊네=kkeunne; 곧이어=gojieo
    걷히다=geochida; 같아=gata; 같은=gateun; 겉으로=geoteuro; 맡은=mateun; 붙어=buteo
    흩어져=heuteojyeo; 끝을=kkeuteul; 끝에=kkeute; 바깥이=bakkachi; 샅샅이=satsachi; 낱낱이=nannachi
    나한테 와=nahante wa; 너랑 나=neorang na; I love you 너를=I love you neoreul; 사랑해 baby=saranghae baby; 1년 365일=1 nyeon 365 il; 넌 나의 No.1=neon naui No.1
    성지순례=seongjisullye; 휘황찬란한=hwihwangchallanhan; 대혼란=daehollan; 국가권력=gukgagwollyeok; 생각하는=saenggakaneun; 승낙하다=seungnakada
    혹한=hokhan; 끝없는 사랑=kkeudeomneun sarang; 외곬으로=oegolseuro; 의미=uimi; 너의 의미=neoui uimi; 한글 ABC 123 노래=hangeul ABC 123 norae
  `,
};

const korean = new KoreanRomaniser();

describe.each(Object.entries(ARTICLES))('article %s', (_, words) => {
  const pairs = words.split(/[;\n]/).flatMap((pair) => {
    const [hangul = '', latin] = pair.trim().split('=');
    return latin === undefined ? [] : [[hangul, latin] as const];
  });

  it.each(pairs)('%s is %s', (hangul, latin) => {
    expect(joinWords(korean.romanise(hangul))).toBe(latin);
  });
});
