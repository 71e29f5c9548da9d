import { type ViteUserConfig, defineConfig } from 'vitest/config';

/** The AWS suite, against the servers that scripts/test-aws.js has started. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: [
      'test/aws/**/*.test.ts',
      'test/store/s3*.test.ts',
      'test/fake-aws/batch/container-runner.test.ts',
      'test/**/*.aws.ts',
    ],
    setupFiles: ['test/property-settings.ts'],
    testTimeout: 300_000,
    hookTimeout: 120_000,
    // Each file has jobs of its own that want the machine's cores.
    fileParallelism: false,
  },
});

export default config;
