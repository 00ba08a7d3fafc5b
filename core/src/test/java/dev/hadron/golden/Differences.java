package dev.hadron.golden;

import dev.hadron.dtype.Bfloat16;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Where computed tensors aren't the recorded ones. */
final class Differences {
    private static final double CLOSE = 2e-6;

    private Differences() {}

    /** One line for each tensor that differs; tensors that weren't recorded aren't compared. */
    static List<String> of(GoldenCase golden, Computed computed) {
        return of(golden, computed, unused -> false);
    }

    /**
     * The same, without some elements.
     *
     * @param ignored which elements of {@code output} and {@code codes} aren't compared
     */
    static List<String> of(GoldenCase golden, Computed computed, IntPredicate ignored) {
        List<String> lines = new ArrayList<>();
        Tensor scale = golden.tensors().get("scale");
        if (scale != null) {
            if (!shape(scale).equals(computed.scaleShape())) {
                lines.add("scale has the shape " + computed.scaleShape() + ", not " + scale.shape());
            }
            floats(lines, "scale", GoldenTensors.floats(scale), computed.scale(), golden.exact(), unused -> false);
        }
        Tensor output = golden.tensors().get("output");
        if (output != null) {
            floats(lines, "output", GoldenTensors.floats(output), computed.output(), golden.exact(), ignored);
        }
        Tensor zeroPoint = golden.tensors().get("zero_point");
        if (zeroPoint != null) {
            floats(lines, "zero_point", numbers(zeroPoint), computed.zeroPoint(), golden.exact(), unused -> false);
        }
        integers(lines, "codes", golden.tensors().get("codes"), computed.codes(), ignored);
        return lines;
    }

    /** How the recorded tensors of a case differ from what was computed under the same names. */
    static List<String> of(GoldenCase golden, Map<String, float[]> computed) {
        List<String> lines = new ArrayList<>();
        golden.tensors().forEach((name, tensor) -> {
            float[] found = computed.get(name);
            if (found == null) {
                lines.add(name + " isn't computed");
            } else {
                float[] recorded = numbers(tensor);
                IntPredicate bothNan =
                        i -> isNanPattern(golden, name, recorded[i]) && isNanPattern(golden, name, found[i]);
                floats(lines, name, recorded, found, golden.exact(), bothNan);
            }
        });
        return lines;
    }

    /** Any NaN equals any other. */
    private static boolean isNanPattern(GoldenCase golden, String name, float pattern) {
        if (!name.equals("codes")) {
            return false;
        }
        return switch (golden.dtype().orElseThrow()) {
            case BFLOAT16 -> Float.isNaN(Bfloat16.toFloat((short) pattern));
            case FLOAT16 -> Float.isNaN(Float.float16ToFloat((short) pattern));
            default -> false;
        };
    }

    private static float[] numbers(Tensor tensor) {
        if (tensor.type().isWeightFloat()) {
            return GoldenTensors.floats(tensor);
        }
        int[] whole = GoldenTensors.integers(tensor);
        float[] numbers = new float[whole.length];
        for (int i = 0; i < whole.length; i++) {
            numbers[i] = whole[i];
        }
        return numbers;
    }

    /** One scale for a tensor is recorded as {@code []} or {@code [1]}. */
    private static Shape shape(Tensor scale) {
        return scale.shape().equals(Shape.of(1)) ? Shape.of() : scale.shape();
    }

    private static void floats(
            List<String> lines, String name, float[] expected, float[] actual, boolean exact, IntPredicate ignored) {
        count(lines, name, expected.length, actual.length, i -> {
            boolean equal = Float.floatToIntBits(expected[i]) == Float.floatToIntBits(actual[i])
                    || (!exact && Math.abs((double) expected[i] - actual[i]) <= CLOSE * Math.abs(expected[i]));
            return equal || ignored.test(i)
                    ? null
                    : String.format(
                            Locale.ROOT, "%s (%a), not %s (%a)", actual[i], actual[i], expected[i], expected[i]);
        });
    }

    private static void integers(
            List<String> lines, String name, @Nullable Tensor expected, int[] actual, IntPredicate ignored) {
        if (expected != null) {
            int[] values = GoldenTensors.integers(expected);
            count(
                    lines,
                    name,
                    values.length,
                    actual.length,
                    i -> values[i] == actual[i] || ignored.test(i) ? null : actual[i] + ", not " + values[i]);
        }
    }

    private interface Difference {
        @Nullable
        String at(int index);
    }

    private static void count(List<String> lines, String name, int expected, int actual, Difference difference) {
        if (expected != actual) {
            lines.add(name + " has " + actual + " elements, not " + expected);
            return;
        }
        int differing = 0;
        String first = "";
        for (int i = 0; i < expected; i++) {
            String text = difference.at(i);
            if (text != null) {
                first = differing == 0 ? "at " + i + ": " + text : first;
                differing++;
            }
        }
        if (differing > 0) {
            lines.add(name + " differs in " + differing + " of " + expected + ", " + first);
        }
    }
}
