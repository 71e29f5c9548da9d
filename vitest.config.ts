import { type ViteUserConfig, defineConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/property-settings.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});

export default config;
