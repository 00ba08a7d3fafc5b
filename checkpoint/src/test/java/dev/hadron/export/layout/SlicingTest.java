package dev.hadron.export.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadron.tensor.Shape;
import dev.hadron.tensor.TensorSlice;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SlicingTest {
    @Test
    void slicesFollowEachOtherAndAreNoLargerThanAskedFor() {
        SplittableRandom random = new SplittableRandom(17);
        for (int i = 0; i < 2_000; i++) {
            Shape shape = Shape.of(random.nextInt(20), random.nextInt(20));
            int axis = random.nextInt(2);
            int multiple = 1 + random.nextInt(9);
            long most = random.nextLong(200);

            List<TensorSlice> slices = new Slicing(axis, multiple).cut(shape, most);

            long next = 0;
            for (TensorSlice slice : slices) {
                assertThat(slice.from()).isEqualTo(next);
                assertThat(slice.from() % multiple).isZero();
                assertThat(slice.shape().elements() <= most || slice.to() - slice.from() <= multiple)
                        .isTrue();
                next = slice.to();
            }
            assertThat(next).isEqualTo(shape.extent(axis));
            assertThat(slices).isNotEmpty();
        }
    }
}
