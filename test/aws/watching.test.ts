import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkpointKey } from '../../src/run/keys.ts';
import type { Checkpoint } from '../../src/run/records.ts';
import { until } from '../end-to-end/backfill.ts';
import { type SyntheticAccount, openSyntheticAccount } from './synthetic-account.ts';
import { openSealedJson, sealJson } from '../../src/run/sealed-json.ts';
import { SyntheticRun } from './synthetic-run.ts';

const run = new SyntheticRun(600);
const underWay = Array.from({ length: run.shards }, (_, shard) => shard).filter(
  (shard) => run.stateOf(shard) === 'under-way',
);
let synthetic: SyntheticAccount;

beforeAll(async () => {
  synthetic = await openSyntheticAccount(run);
}, 120_000);
afterAll(() => synthetic?.close());

/** Every checkpoint under way gets further. */
async function commitMore(rows: number, seconds: number): Promise<void> {
  for (const shard of underWay) {
    const key = `backfill/${checkpointKey(run.run, shard)}`;
    const checkpoint = openSealedJson(Buffer.from(await synthetic.account.text(key))) as Checkpoint;
    const further = { next: checkpoint.next + rows, workSeconds: checkpoint.workSeconds + seconds };
    await synthetic.account.put(key, Buffer.from(sealJson({ ...checkpoint, ...further })).toString());
  }
}

/** Resolves when every checkpoint under way was read so many times more from now on. */
async function looks(times: number): Promise<void> {
  const reads = (): number => synthetic.requests.get('GET of an object') ?? 0;
  const before = reads();
  await until(() => reads() >= before + times * underWay.length, `${times} looks`, 150);
}

it('a watched run shows what its workers have committed, and the pace of what they did since', async () => {
  const { account, endpoint } = synthetic;
  const watch = () => account.start(['resume'], { env: { AWS_ENDPOINT_URL_S3: endpoint } });
  const tracks = (run.shards - run.firstShard) * 1000;
  const committed = (run.count('finished') - run.firstShard) * 1000;
  const line = (each: number): string => {
    const done = committed + each * underWay.length;
    const percent = (Math.floor((1000 * done) / tracks) / 10).toFixed(1);
    return `${done.toLocaleString('en-US')} of ${tracks.toLocaleString('en-US')} tracks (${percent} %)`;
  };

  // What earlier commands have seen committed says nothing of the pace.
  const first = watch();
  await looks(2);
  first.process.kill('SIGINT');
  const left = await first.ended;
  expect([left.code, left.stderr]).toEqual([130, expect.stringContaining(line(400))]);
  expect(left.stderr).not.toMatch(/tracks\/|left/);

  // 200 rows more, which took 100 seconds each: 48 workers get through 96 a second.
  const second = watch();
  await looks(2);
  await commitMore(200, 100);
  // It has watched for some seconds by then.
  await looks(4);
  second.process.kill('SIGINT');
  const { stderr } = await second.ended;
  expect(underWay).toHaveLength(48);
  expect(stderr).toContain(`${line(600)}, about 96.0 tracks/s, about `);
  expect(stderr).toContain(' left, ');
}, 180_000);

it('status --watch shows the pace of what was committed since it began', async () => {
  const { account, endpoint } = synthetic;
  const watching = account.start(['status', '--watch'], { env: { AWS_ENDPOINT_URL_S3: endpoint } });
  let stdout = '';
  watching.process.stdout?.on('data', (text: string) => (stdout += text));
  await until(() => stdout.includes('running'), 'a look');
  expect(stdout).not.toContain('tracks/s');
  await commitMore(100, 50);
  await until(() => /^about 96\.0 tracks\/s, about .* left$/m.test(stdout), 'the pace', 150);
  watching.process.kill('SIGINT');
  await watching.ended;
}, 180_000);
