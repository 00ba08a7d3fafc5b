package dev.hadron.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hadron.dtype.StorageType;
import dev.hadron.error.InvalidInputException;
import dev.hadron.model.arch.LayerStep;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.report.SignalToNoise;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Outputs of two models that are small enough to compare by hand. */
class OutputDifferencesTest {
    private static final double EXACT = 1e-6;
    private static final float HALF = (float) Math.log(0.5);
    private static final float QUARTER = (float) Math.log(0.25);

    private final Arena arena = Arena.ofAuto();
    private TensorRuntime runtime;
    private TensorRuntime.Scope scope;

    @BeforeEach
    void open() {
        runtime = TensorRuntime.load("cpu");
        scope = runtime.scope();
    }

    @AfterEach
    void close() {
        scope.close();
        runtime.close();
    }

    @Test
    void predictionsAreComparedWhereTheNextTokenIsKnown() {
        Predictions predictions =
                new Predictions(runtime, List.of("base", "other"), List.of(new long[] {0, 1, 0}, new long[] {2, 2}));
        float[] never = {900, -900, 7};

        predictions.read(1, List.of(rows(3, 0, 0, 0, 1, 2, 3), rows(3, 0, 0, 0, 3, 2, 1)));
        predictions.read(
                0,
                List.of(
                        rows(3, HALF, QUARTER, QUARTER, 0, 0, 0, never[0], never[1], never[2]),
                        rows(3, 0, 0, 0, QUARTER, HALF, QUARTER, never[1], never[0], never[2])));

        double first = 0.5 * Math.log(1.125);
        double second = Math.log(2.0 / 3) / 3 + 2 * Math.log(4.0 / 3) / 3;
        assertThat(predictions.divergences()).containsExactly(new double[] {first, second, 0}, within(EXACT));
        assertThat(predictions.divergences(0)).hasSize(2);
        assertThat(predictions.agreement(0)).isEqualTo(0.5);
        assertThat(predictions.agreement()).isEqualTo(2.0 / 3);
        assertThat(predictions.perplexity(0).nll())
                .isCloseTo((Math.log(4) + Math.log(3) + Math.log(3)) / 3, within(EXACT));
        assertThat(predictions.perplexity(1).nll())
                .isCloseTo((Math.log(3) + Math.log(4) + Math.log(3)) / 3, within(EXACT));
        assertThat(predictions.perplexity(0, 1).predictedTokens()).isEqualTo(1);
    }

    @Test
    void outputsThatAreNotNumbersAreRefusedWithTheModelsName() {
        Predictions predictions =
                new Predictions(runtime, List.of("models/base", "models/other"), List.of(new long[] {0, 1}));

        assertThatThrownBy(() -> predictions.read(0, List.of(rows(2, 0, 0, 0, 0), rows(2, Float.NaN, 0, 0, 0))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("models/other: the model's outputs for window 0 of the text are NaN or infinite");
    }

    @Test
    void layersAreComparedTokenByToken() {
        LayerErrors errors = new LayerErrors(runtime, 2, 2);

        // Windows come in any order; one with an error, one without.
        errors.read(1, 1, List.of(step(1, 1, 3, 4), step(1, 1, 3, 4)));
        errors.read(1, 0, List.of(step(1, 0, 0, 10, 3, 4, 0, 10), step(1, 0, 1, 10, 3, 5, 0, 11)));

        LayerErrors.Total total = errors.of(1);
        // Tokens (3, 4), (0, 10) and, in the other window, (3, 4); the errors are (0, 1), (0, 1) and none.
        assertThat(total.stream()).isEqualTo(new SignalToNoise(25 + 100 + 25, 1 + 1));
        // Added: (2, 4), (0, 0) and (2, 3); by the other (2, 5), (−1, 1) and (2, 3).
        assertThat(total.added()).isEqualTo(new SignalToNoise(20 + 0 + 13, 1 + 2));
        assertThat(total.worst().decibels()).isCloseTo(10 * Math.log10(25), within(EXACT));
        assertThat(total.window()).isZero();
        assertThat(total.position()).isEqualTo(OptionalInt.of(0));
    }

    @Test
    void layersThatAreEqualHaveNoWorstToken() {
        LayerErrors errors = new LayerErrors(runtime, 1, 1);

        errors.read(0, 0, List.of(step(1, 0, 3, 4), step(1, 0, 3, 4)));

        assertThat(errors.of(0).stream().decibels()).isInfinite().isPositive();
        assertThat(errors.of(0).position()).isEmpty();
    }

    /** Inputs, then outputs, of tokens of two numbers. */
    private LayerStep step(float... values) {
        int half = values.length / 2;
        return new LayerStep(
                rows(2, Arrays.copyOf(values, half)), rows(2, Arrays.copyOfRange(values, half, values.length)));
    }

    private DeviceTensor rows(int width, float... values) {
        Tensor tensor = Tensor.allocate(arena, StorageType.F32, Shape.of(values.length / width, width));
        tensor.data().copyFrom(Tensor.ofFloats(values, values.length).data());
        return runtime.upload(tensor);
    }
}
