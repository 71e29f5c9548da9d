import { readdirSync, readFileSync } from 'node:fs';
import { type ViteUserConfig, defineConfig } from 'vitest/config';

const HAS_PROPERTIES = /from 'fast-check'|object-store\.suite\.ts'/;

/** The property tests alone, which scripts/test-explore.js runs with a seed of its own. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: readdirSync('test', { recursive: true, encoding: 'utf8' })
      .map((file) => `test/${file}`)
      .filter((file) => file.endsWith('.test.ts') && HAS_PROPERTIES.test(readFileSync(file, 'utf8'))),
    setupFiles: ['test/property-settings.ts'],
    testTimeout: 3_600_000,
    hookTimeout: 120_000,
  },
});

export default config;
