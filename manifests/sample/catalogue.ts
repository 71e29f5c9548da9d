import type { Song } from './song.ts';
import { bomUiGolmok } from './songs/bom-ui-golmok.ts';
import { doorsClose } from './songs/doors-close.ts';
import { doorsOpen } from './songs/doors-open.ts';
import { hoiPongDangFo } from './songs/hoi-pong-dang-fo.ts';
import { hotaruNoTegami } from './songs/hotaru-no-tegami.ts';
import { paperLanterns } from './songs/paper-lanterns.ts';
import { simyaBeoseu } from './songs/simya-beoseu.ts';
import { tinToiGeJyu } from './songs/tin-toi-ge-jyu.ts';
import { yoakeNoEki } from './songs/yoake-no-eki.ts';
import { zhiFeiji } from './songs/zhi-feiji.ts';

/** The songs of the sample, in the order of the manifest. */
export const CATALOGUE: readonly Song[] = [
  yoakeNoEki,
  hotaruNoTegami,
  hoiPongDangFo,
  tinToiGeJyu,
  bomUiGolmok,
  simyaBeoseu,
  zhiFeiji,
  paperLanterns,
  doorsOpen,
  doorsClose,
];
