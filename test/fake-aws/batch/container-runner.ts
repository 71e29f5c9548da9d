/**
 * Runs a task as a container, on the network of the host, as its job definition asks: image, user,
 * read-only root, volumes, tmpfs, init process, memory.
 * Sources: docs.aws.amazon.com/batch/latest/APIReference/API_ContainerProperties.html and
 * API_LinuxParameters.html, which name the field of the Docker Engine API that each property maps to;
 * errors worded by docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html.
 */
import type { ContainerProperties } from '@aws-sdk/client-batch';
import { DockerEngine, DockerError } from './docker-engine.ts';
import { type Runner, type RunningTask, type Task, type TaskEnd, taskRunner } from './runner.ts';

const MEBIBYTE = 1024 * 1024;

export interface ContainerRunnerOptions {
  readonly engine?: string | undefined;
}

export function containerRunner(options: ContainerRunnerOptions): Runner {
  const engine = new DockerEngine(options.engine);
  return taskRunner((task) => startContainer(engine, task));
}

function startContainer(engine: DockerEngine, task: Task): RunningTask {
  const name = `fake-batch-${task.id}`;
  const started = Promise.withResolvers<void>();
  let isUp = false;
  let wanted: 'SIGTERM' | 'SIGKILL' | undefined;
  const signal = (which: 'SIGTERM' | 'SIGKILL'): void => {
    wanted = which;
    // What has ended meanwhile takes no signals.
    if (isUp) engine.call('POST', `/containers/${name}/kill?signal=${which}`).catch(() => undefined);
  };
  const ended = runToEnd(engine, name, task, () => {
    isUp = true;
    started.resolve();
    if (wanted !== undefined) signal(wanted);
  });
  return {
    started: started.promise,
    ended: ended.then((end) => ({ ...end, killed: wanted === 'SIGKILL' })),
    terminate: () => {
      if (wanted === undefined) signal('SIGTERM');
    },
    kill: () => signal('SIGKILL'),
  };
}

async function runToEnd(engine: DockerEngine, name: string, task: Task, up: () => void): Promise<TaskEnd> {
  try {
    await engine.call('POST', `/containers/create?name=${name}`, containerOf(task));
  } catch (error) {
    const kind =
      error instanceof DockerError && error.status === 404
        ? 'CannotPullContainerError'
        : 'CannotCreateContainerError';
    return { failedToStart: failure(kind, error) };
  }
  try {
    await engine.call('POST', `/containers/${name}/start`);
    up();
    const logs = engine.followLogs(name, task.log);
    const waited = JSON.parse(await engine.call('POST', `/containers/${name}/wait`)) as {
      StatusCode: number;
    };
    await logs;
    const inspected = JSON.parse(await engine.call('GET', `/containers/${name}/json`)) as {
      State: { OOMKilled: boolean };
    };
    return { exitCode: waited.StatusCode, outOfMemory: inspected.State.OOMKilled };
  } catch (error) {
    return { failedToStart: failure('CannotStartContainerError', error) };
  } finally {
    await engine.call('DELETE', `/containers/${name}?force=1&v=1`).catch(() => undefined);
  }
}

function failure(kind: string, error: unknown): string {
  // A reason has 255 characters at most (API_AttemptContainerDetail).
  return `${kind}: ${error instanceof Error ? error.message : String(error)}`.slice(0, 255);
}

/** The body of the engine's "create a container". */
function containerOf({ container, command, environment, memoryMebibytes }: Task): object {
  const linux = container.linuxParameters;
  const memory = memoryMebibytes * MEBIBYTE;
  return {
    Image: container.image,
    ...(command.length === 0 ? {} : { Cmd: command }),
    ...(container.user === undefined ? {} : { User: container.user }),
    Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    HostConfig: {
      NetworkMode: 'host',
      Init: linux?.initProcessEnabled ?? false,
      ReadonlyRootfs: container.readonlyRootFilesystem ?? false,
      Privileged: container.privileged ?? false,
      Memory: memory,
      // Memory and swap together: no swap, as on the hosts of Batch.
      MemorySwap: memory,
      ...(linux?.sharedMemorySize === undefined ? {} : { ShmSize: linux.sharedMemorySize * MEBIBYTE }),
      Tmpfs: Object.fromEntries(
        (linux?.tmpfs ?? []).map(({ containerPath, size, mountOptions = [] }) => [
          containerPath,
          [`size=${size}m`, ...mountOptions].join(','),
        ]),
      ),
      Mounts: mountsOf(container),
      Ulimits: (container.ulimits ?? []).map(({ name, softLimit, hardLimit }) => ({
        Name: name,
        Soft: softLimit,
        Hard: hardLimit,
      })),
    },
  };
}

/** A volume without a path on the host is one of the engine's own, which goes with the container. */
function mountsOf({ mountPoints = [], volumes = [] }: ContainerProperties): object[] {
  return mountPoints.map(({ containerPath, sourceVolume, readOnly }) => {
    const source = volumes.find(({ name }) => name === sourceVolume)?.host?.sourcePath;
    const target = { Target: containerPath, ReadOnly: readOnly ?? false };
    return source === undefined ? { Type: 'volume', ...target } : { Type: 'bind', Source: source, ...target };
  });
}
