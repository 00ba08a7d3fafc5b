package dev.hadron.checkpoint.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CoverageTest {
    @Test
    void itIsASetOfBytes() {
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 2_000; i++) {
            int size = random.nextInt(12);
            Coverage coverage = new Coverage(size);
            BitSet bytes = new BitSet();
            for (int k = 0; k < 30; k++) {
                int from = random.nextInt(-1, size + 2);
                int to = random.nextInt(-1, size + 2);
                boolean fits = from >= 0
                        && from <= to
                        && to <= size
                        && bytes.get(from, to).isEmpty();

                assertThat(coverage.add(from, to)).isEqualTo(fits);
                if (fits) {
                    bytes.set(from, to);
                }
                assertThat(coverage.isWhole()).isEqualTo(bytes.cardinality() == size);
                assertThat(coverage.firstMissing()).isEqualTo(bytes.nextClearBit(0));
            }
        }
    }
}
