package dev.hadron.observer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.error.InvalidInputException;
import dev.hadron.numerics.RangeScale;
import dev.hadron.tensor.Granularity;
import dev.hadron.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MinMaxObserverTest {
    /** Its scale is the largest magnitude over 127.5. */
    private static final RangeScale INT8 =
            new RangeScale(Dtype.INT8.format(), true, ScaleType.FLOAT, RoundType.HALF_EVEN, WorkingType.FLOAT32);

    @Test
    void theRangeGrowsWithEachBatch() {
        MinMaxObserver observer = observer(new Granularity.PerTensor());

        observer.observe(Tensor.ofFloats(new float[] {1, -127.5f, 3}, 3));
        assertThat(observer.parameters().scale()).containsExactly(1f);
        observer.observe(Tensor.ofFloats(new float[] {1, 2, 0, 0}, 2, 2));
        assertThat(observer.parameters().scale()).containsExactly(1f);
        observer.observe(Tensor.ofFloats(new float[] {255}, 1));
        assertThat(observer.parameters().scale()).containsExactly(2f);
    }

    @Test
    void everyChannelHasItsOwnRange() {
        MinMaxObserver rows = observer(new Granularity.PerChannel(0));
        MinMaxObserver columns = observer(new Granularity.PerChannel(1));
        for (float[] batch : new float[][] {{127.5f, 0, 0, 255}, {-255, 0, 0, 0}}) {
            rows.observe(Tensor.ofFloats(batch, 2, 2));
            columns.observe(Tensor.ofFloats(batch, 2, 2));
        }

        assertThat(rows.parameters().scale()).containsExactly(2f, 2f);
        assertThat(columns.parameters().scale()).containsExactly(2f, 2f);

        columns.observe(Tensor.ofFloats(new float[] {0, 510, 0, 0, 0, 0}, 3, 2));
        assertThat(columns.parameters().scale()).containsExactly(2f, 4f);
    }

    @Test
    void groupsAlongAnInnerAxisAreGathered() {
        MinMaxObserver observer = observer(new Granularity.PerGroup(0, 2));

        observer.observe(Tensor.ofFloats(new float[] {127.5f, 255, 0, 0, 510, 0, 0, 1020}, 4, 2));

        assertThat(observer.parameters().scale()).containsExactly(1f, 4f, 2f, 8f);
    }

    @Test
    void batchesOfDifferentlyManyRunsAreRefused() {
        MinMaxObserver observer = observer(new Granularity.PerChannel(0));
        observer.observe(Tensor.ofFloats(new float[4], 2, 2));

        assertThatThrownBy(() -> observer.observe(Tensor.ofFloats(new float[6], 3, 2)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("[3, 2]")
                .hasMessageContaining("3 scales")
                .hasMessageContaining("had 2");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void whatIsntFiniteIsRefused(float value) {
        Tensor batch = Tensor.ofFloats(new float[] {1, value, 2, 3}, 2, 2);

        assertThatThrownBy(() -> observer(new Granularity.PerTensor()).observe(batch))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> observer(new Granularity.PerChannel(1)).observe(batch))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void nothingObservedHasNoParameters() {
        assertThatThrownBy(() -> fresh().parameters()).isInstanceOf(IllegalStateException.class);

        MinMaxObserver observer = fresh();
        observer.observe(Tensor.ofFloats(new float[0], 0));
        assertThatThrownBy(observer::parameters).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aBatchWithoutElementsChangesNothing() {
        MinMaxObserver observer = fresh();
        observer.observe(Tensor.ofFloats(new float[] {255}, 1));

        observer.observe(Tensor.ofFloats(new float[0], 0));

        assertThat(observer.parameters().scale()).containsExactly(2f);
    }

    private static MinMaxObserver fresh() {
        return observer(new Granularity.PerTensor());
    }

    private static MinMaxObserver observer(Granularity granularity) {
        return new MinMaxObserver(unused -> granularity, INT8);
    }
}
