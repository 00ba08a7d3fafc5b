package dev.hadron.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.hadron.config.QuantizationSpec;
import dev.hadron.config.SpecRules;
import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.HalfFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.error.HadronException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Scales, zero points, outputs and codes against recorded ones, to the last bit unless a case says otherwise. The sets are the folders with a
 * {@code manifest.json} in {@link GoldenFolder}; further ones are named by the system property {@code hadron.golden}.
 */
class GoldenNumericsTest {
    private static final int RECORDED = 981 + 630;

    private final Map<Dtype, Integer> compared = new EnumMap<>(Dtype.class);
    private int checkedOtherwise;

    @TestFactory
    Stream<DynamicTest> recordedNumbers() {
        return GoldenFolder.orSkipped(() -> {
            List<GoldenCase> cases = GoldenFolder.sets().stream()
                    .flatMap(set -> GoldenCase.read(set).stream())
                    .toList();
            return tests(cases);
        });
    }

    /** One test a case, one skipped test for each reason why cases can't be computed yet, and the count. */
    private Stream<DynamicTest> tests(List<GoldenCase> cases) {
        Superseded superseded = new Superseded();
        Map<String, Integer> missing = new TreeMap<>();
        cases.forEach(golden -> golden.unavailable().ifPresent(reason -> missing.merge(reason, 1, Integer::sum)));
        Stream<DynamicTest> skipped = missing.entrySet().stream()
                .map(entry -> entry.getValue() + " cases: " + entry.getKey())
                .map(text -> dynamicTest(text, () -> Assumptions.abort("skipped " + text)));
        Stream<DynamicTest> checked = cases.stream()
                .filter(golden -> golden.unavailable().isEmpty())
                .map(golden -> dynamicTest(golden.id(), () -> check(golden, superseded)));
        DynamicTest count = dynamicTest("cases were compared", () -> countCases(missing));
        return Stream.of(skipped, checked, Stream.of(count)).flatMap(Function.identity());
    }

    private void check(GoldenCase golden, Superseded superseded) {
        if (!superseded.contains(golden)) {
            compare(golden);
            return;
        }
        // What must hold instead was looked at for the recorded inputs; others may hide a difference.
        if (!GoldenFolder.isNamed()) {
            superseded.check(golden);
        }
        checkedOtherwise++;
    }

    private void compare(GoldenCase golden) {
        if (golden.refused()) {
            assertThatThrownBy(() -> differences(golden)).as(golden.id()).isInstanceOf(HadronException.class);
        } else {
            assertThat(differences(golden)).as(golden.id()).isEmpty();
        }
        compared.merge(golden.dtype().orElseThrow(), 1, Integer::sum);
    }

    static List<String> differences(GoldenCase golden) {
        QuantizationSpec spec = golden.quantizationSpec();
        SpecRules.check(spec, "tensor");
        return switch (spec.format()) {
            case IntFormat unused -> Differences.of(golden, Computed.of(spec, golden.batches(), golden.x()));
            case FloatFormat unused -> Differences.of(golden, Computed.of(spec, golden.batches(), golden.x()));
            case HalfFormat unused -> Differences.of(golden, ComputedBlocks.of(spec, golden.x()));
            case BlockFormat unused -> Differences.of(golden, ComputedBlocks.of(spec, golden.x()));
        };
    }

    /** So that the tests above can't pass on nothing. */
    @SuppressWarnings("SystemOut") // what whoever names a folder of further cases wants to see
    private void countCases(Map<String, Integer> missing) {
        int ran = compared.values().stream().mapToInt(Integer::intValue).sum();
        int left = missing.values().stream().mapToInt(Integer::intValue).sum();
        System.out.println((ran + checkedOtherwise) + " cases");
        assertThat(ran).as("compared cases").isPositive();
        if (!GoldenFolder.isNamed()) {
            assertThat(ran + checkedOtherwise + left).isEqualTo(RECORDED);
            assertThat(compared.keySet())
                    .containsAll(EnumSet.complementOf(EnumSet.of(Dtype.FP6_E3M2, Dtype.FP6_E2M3, Dtype.FP4)));
        }
    }
}
