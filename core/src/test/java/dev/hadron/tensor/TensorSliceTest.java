package dev.hadron.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Where the pieces of a slice lie. */
class TensorSliceTest {
    private static final Shape SHAPE = Shape.of(3, 8, 5);

    @Test
    void aSliceOfAnInnerAxisLiesApart() {
        TensorSlice slice = new TensorSlice(SHAPE, 1, 2, 4);

        assertThat(slice.runs()).isEqualTo(3);
        assertThat(slice.runLength()).isEqualTo(10);
        assertThat(slice.runStart(2)).isEqualTo(90);
    }

    @Test
    void aSliceOfEverythingIsOnePieceWhateverItsAxis() {
        for (int axis = 0; axis < 3; axis++) {
            TensorSlice slice = new TensorSlice(SHAPE, axis, 0, SHAPE.extent(axis));

            assertThat(slice.runs()).isEqualTo(1);
            assertThat(slice.runLength()).isEqualTo(120);
            assertThat(slice.runStart(0)).isZero();
        }
    }
}
