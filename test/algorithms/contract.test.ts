import { ALGORITHMS } from '../../src/algorithms/registry.ts';
import { algorithmSuite } from '../contracts/algorithm.suite.ts';

for (const algorithm of ALGORITHMS) {
  algorithmSuite(
    algorithm,
    ALGORITHMS.filter((other) => other !== algorithm),
  );
}
