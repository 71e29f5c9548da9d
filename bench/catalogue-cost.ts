/** What a catalogue costs: 60 million tracks of four minutes, fingerprint, chorus and pitch, on spot and in S3. */
import { selectAlgorithms } from '../src/algorithms/registry.ts';
import { LARGE_RUN_SHARD_SECONDS } from '../src/plan/shards.ts';
import { audioSecondsTaken, DECODE_COST, trackWeight } from '../src/plan/weights.ts';
import { defaultCheckpointSeconds } from '../src/run/checkpoint-interval.ts';
import { withStandIn } from './catalogue/counted-shards.ts';
import { type Cost, type MeasuredCosts, measureCosts } from './catalogue/cpu-costs.ts';
import { everyRecording, excerptsOf, firstOf, secondsOf } from './catalogue/recordings.ts';
import { countRequests, dollarsOfRequests } from './catalogue/request-costs.ts';
import type { Benchmark, BenchmarkContext, BenchmarkReport, Finding } from './harness/benchmark.ts';
import { median } from './harness/paired.ts';
import { figure } from './harness/report.ts';

const TRACKS = 60_000_000;
const TRACK_SECONDS = 240;
/** USD for a vCPU and hour on spot. */
const VCPU_PRICE = 0.012;
const NAMES = ['fingerprint', 'chorus', 'pitch'] as const;
/** Of the recordings, so that a round takes a few minutes. */
const EVERY = 3;
const EXCERPT_SECONDS = 20;

export const catalogueCost: Benchmark = {
  name: 'catalogue-cost',
  summary: 'what 60 M tracks of 240 s cost, from CPU and requests that are measured here; plan says the same',
  run: measure,
};

async function measure(context: BenchmarkContext): Promise<BenchmarkReport> {
  const { recordings, scratch, say, scale } = context;
  const whole = await everyRecording(recordings, Math.max(1, Math.round(EVERY / scale)), scratch);
  const excerpts = await excerptsOf(whole, EXCERPT_SECONDS, scratch);
  const single = await firstOf(excerpts, scratch);
  const rounds: MeasuredCosts[] = [];
  for (let round = 0; round < context.rounds; round += 1) {
    say(`CPU: round ${round + 1} of ${context.rounds}`);
    rounds.push(await measureCosts({ whole, excerpts, single, scratch }));
  }
  say('requests');
  const requests = await withStandIn((server) => countRequests(server, excerpts, scratch));

  const together = medianCost(rounds.map((round) => round.together));
  const trackSeconds = ofTrack(together);
  const weighed = trackWeight({ durationSeconds: TRACK_SECONDS, algorithms: selectAlgorithms(NAMES) });
  const shards = Math.ceil(TRACKS / Math.floor(LARGE_RUN_SHARD_SECONDS / trackSeconds));
  const commits = Math.ceil(LARGE_RUN_SHARD_SECONDS / defaultCheckpointSeconds('s3://'));
  const start = median(rounds.map(({ startSeconds }) => startSeconds));
  const hours = (TRACKS * trackSeconds + shards * start) / 3600;
  const dollars = dollarsOfRequests(requests, { tracks: TRACKS, shards, commits });
  const { perShard } = dollars;
  return {
    findings: [
      costFinding(
        'decode',
        rounds.map(({ decode }) => decode),
        DECODE_COST,
      ),
      ...selectAlgorithms(NAMES).map(({ name, cost, input }) =>
        costFinding(
          name,
          rounds.map(({ algorithms }) => algorithms[name as (typeof NAMES)[number]]),
          cost,
          audioSecondsTaken(input, TRACK_SECONDS),
        ),
      ),
      {
        what: 'CPU s of a track of 240 s, all three; plan',
        ours: `${trackSeconds.toFixed(2)} s`,
        peer: `${weighed.toFixed(2)} s`,
        value: trackSeconds / weighed,
      },
      {
        what: 'spot vCPUs for 60 M tracks',
        ours: `${figure(hours)} h`,
        value: hours * VCPU_PRICE,
        goal: { most: 600 },
      },
      {
        what: 'S3 requests for 60 M tracks',
        ours: `$${dollars.sources.toFixed(2)} sources + $${dollars.shards.toFixed(2)} shards`,
        value: dollars.sources + dollars.shards,
        goal: { most: 30 },
      },
    ],
    notes: [
      `CPU: ${whole.tracks.length} recordings, ${Math.round(secondsOf(whole) / 60)} minutes, whole and ${EXCERPT_SECONDS} s of each; a part is what a run takes beyond one without it; the peer column is what plan weighs with`,
      `60,000,000 x ${trackSeconds.toFixed(3)} s + ${figure(shards)} shards x ${start.toFixed(2)} s to start = ${figure(hours)} h, x $${VCPU_PRICE} = $${(hours * VCPU_PRICE).toFixed(0)}`,
      `counted: ${requests.read.perTrack} read a track; ${requests.write.perShard} writes and ${requests.read.perShard} reads a shard, ${requests.write.perCommit} and ${requests.read.perCommit} more a commit; no listing, no HEAD`,
      `a shard is ${LARGE_RUN_SHARD_SECONDS / 60} minutes, so ${Math.floor(LARGE_RUN_SHARD_SECONDS / trackSeconds)} tracks, with ${commits} commits: ${perShard.write} writes (one for failures) and ${perShard.read} reads`,
      `${figure(TRACKS)} x $0.0000004 = $${dollars.sources.toFixed(2)}; ${figure(shards)} x (${perShard.write} x $0.000005 + ${perShard.read} x $0.0000004) = $${dollars.shards.toFixed(2)}`,
    ],
  };
}

/** One part of a track's cost beside what plan weighs it with, over so many seconds as are heard of it. */
function costFinding(
  name: string,
  measured: readonly Cost[],
  weighed: Cost,
  seconds: number = TRACK_SECONDS,
): Finding {
  const cost = medianCost(measured);
  return {
    what: `${name}: CPU a track + a second`,
    ours: costText(cost),
    peer: costText(weighed),
    value: ofTrack(cost, seconds) / ofTrack(weighed, seconds),
  };
}

function ofTrack({ perTrackSeconds, perAudioSecond }: Cost, seconds: number = TRACK_SECONDS): number {
  return perTrackSeconds + seconds * perAudioSecond;
}

function medianCost(costs: readonly Cost[]): Cost {
  return {
    perTrackSeconds: median(costs.map(({ perTrackSeconds }) => perTrackSeconds)),
    perAudioSecond: median(costs.map(({ perAudioSecond }) => perAudioSecond)),
  };
}

function costText({ perTrackSeconds, perAudioSecond }: Cost): string {
  return `${perTrackSeconds.toFixed(3)} s + ${perAudioSecond.toFixed(5)} s`;
}
