package dev.hadron.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReusableArenaTest {
    @Test
    void whatIsAllocatedIsZeroAndApart() {
        SplittableRandom random = new SplittableRandom(3);
        try (ReusableArena arena = new ReusableArena()) {
            for (int round = 0; round < 20; round++) {
                List<MemorySegment> segments = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    MemorySegment segment = arena.allocate(random.nextInt(1_000), 64);
                    assertThat(bytes(segment)).isEqualTo(filled(segment, 0));
                    assertThat(segment.address() % 64).isZero();
                    segments.add(segment.fill((byte) (i + 1)));
                }
                for (int i = 0; i < segments.size(); i++) {
                    assertThat(bytes(segments.get(i))).isEqualTo(filled(segments.get(i), i + 1));
                }
                arena.reset();
            }
        }
    }

    @Test
    void theSameWorkTwiceTakesTheSameMemory() {
        try (ReusableArena arena = new ReusableArena()) {
            arena.allocate(100);
            arena.reset();
            long first = arena.unfilled(100).address();
            arena.reset();

            assertThat(arena.unfilled(100).address()).isEqualTo(first);
        }
    }

    @Test
    void afterwardsNothingCanBeUsed() {
        MemorySegment segment;
        try (ReusableArena arena = new ReusableArena()) {
            segment = arena.allocate(8);
        }

        assertThatThrownBy(() -> segment.get(ValueLayout.JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
    }

    private static byte[] bytes(MemorySegment segment) {
        return segment.toArray(ValueLayout.JAVA_BYTE);
    }

    private static byte[] filled(MemorySegment segment, int value) {
        byte[] bytes = new byte[(int) segment.byteSize()];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
