package dev.hadron.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.hadron.dtype.Dtype;
import dev.hadron.error.HadronException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Scales, zero points, outputs and codes against recorded ones, to the last bit unless a case says otherwise. */
class GoldenNumericsTest {
    private final Map<Dtype, Integer> compared = new EnumMap<>(Dtype.class);

    @TestFactory
    Stream<DynamicTest> theReferencesNumbers() {
        return GoldenFolder.orSkipped(() -> {
            Superseded superseded = new Superseded();
            Consumer<GoldenCase> check = golden -> {
                if (superseded.contains(golden)) {
                    superseded.check(golden);
                } else {
                    compare(golden);
                }
            };
            return tests(GoldenCase.read("numerics"), check, enough(144, 128, 31));
        });
    }

    @TestFactory
    Stream<DynamicTest> numbersBeyondTheReference() {
        return GoldenFolder.orSkipped(() -> tests(GoldenCase.read("beyond"), this::compare, enough(70, 70, 5)));
    }

    /** One test a case, one skipped test for each reason why cases can't be computed yet, and {@code last}. */
    private static Stream<DynamicTest> tests(List<GoldenCase> cases, Consumer<GoldenCase> check, DynamicTest last) {
        Map<String, Integer> missing = new TreeMap<>();
        cases.forEach(golden -> golden.unavailable().ifPresent(reason -> missing.merge(reason, 1, Integer::sum)));
        Stream<DynamicTest> skipped = missing.entrySet().stream()
                .map(entry -> entry.getValue() + " cases: " + entry.getKey())
                .map(text -> dynamicTest(text, () -> Assumptions.abort("skipped " + text)));
        Stream<DynamicTest> checked = cases.stream()
                .filter(golden -> golden.unavailable().isEmpty())
                .map(golden -> dynamicTest(golden.id(), () -> check.accept(golden)));
        return Stream.of(skipped, checked, Stream.of(last)).flatMap(Function.identity());
    }

    private void compare(GoldenCase golden) {
        if (golden.refused()) {
            assertThatThrownBy(() -> Computed.of(golden.quantizationSpec(), golden.batches(), golden.x()))
                    .as(golden.id())
                    .isInstanceOf(HadronException.class);
        } else {
            Computed computed = Computed.of(golden.quantizationSpec(), golden.batches(), golden.x());
            assertThat(Differences.of(golden, computed)).as(golden.id()).isEmpty();
        }
        compared.merge(golden.dtype().orElseThrow(), 1, Integer::sum);
    }

    /** So that the tests above can't pass on nothing; int4 has fewer recorded answers than its like. */
    private DynamicTest enough(int integers, int int4, int floats) {
        return dynamicTest("enough cases of each data type were compared", () -> {
            Map.of(
                            Dtype.INT8, integers,
                            Dtype.UINT8, integers,
                            Dtype.INT4, int4,
                            Dtype.UINT4, integers,
                            Dtype.FP8_E4M3, floats,
                            Dtype.FP8_E5M2, floats)
                    .forEach((dtype, cases) -> assertThat(compared.getOrDefault(dtype, 0))
                            .as("compared cases of %s", dtype)
                            .isGreaterThanOrEqualTo(cases));
        });
    }
}
