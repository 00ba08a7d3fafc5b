package dev.hadron.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.error.HadronException;
import dev.hadron.numerics.RangeScale;
import dev.hadron.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Recorded answers that aren't ours, each with a reason, and what must hold instead. */
final class Superseded {
    private final Map<String, String> reasons = new HashMap<>();

    Superseded() {
        GoldenFolder.jsonIfPresent("superseded.json")
                .ifPresent(all -> all.forEachEntry((id, reason) -> reasons.put(id, reason.stringValue())));
    }

    boolean contains(GoldenCase golden) {
        return reasons.containsKey(golden.id()) && !golden.ours();
    }

    /** Fails unless what the reason says is so. */
    void check(GoldenCase golden) {
        String reason = Objects.requireNonNull(reasons.get(golden.id()));
        if (reason.startsWith("may ")) {
            mayBeRefused(golden);
        } else if (reason.startsWith("must accept")) {
            assertThat(Differences.of(withoutZeroScales(golden), compute(golden)))
                    .as(golden.id())
                    .isEmpty();
        } else if (reason.contains("ignores this setting")) {
            theSettingIsNotIgnored(golden);
        } else if (reason.contains("never computes a range")) {
            float scale = compute(golden).scale()[0];
            assertThat(scale).as(golden.id()).isNotEqualTo(1f).isPositive().isFinite();
        } else if (reason.contains("omits eps")) {
            assertThat(compute(golden).scale()).as(golden.id()).containsExactly(RangeScale.EPSILON);
            assertThat(Differences.of(golden, compute(golden))).as(golden.id()).isNotEmpty();
        } else if (reason.contains("all-zero tensor or channel")) {
            zerosStayZeros(golden);
        } else {
            fail("nobody checks: " + reason);
        }
    }

    private static Computed compute(GoldenCase golden) {
        return Computed.of(golden.quantizationSpec(), golden.batches(), golden.x());
    }

    /** Either is fine, but a refusal must be one that users can read. */
    private static void mayBeRefused(GoldenCase golden) {
        try {
            GoldenNumericsTest.differences(golden);
        } catch (HadronException e) {
            assertThat(e).hasMessageContaining(" ");
        }
    }

    /** The recorded answer is that of the default settings; ours differs, except where no value lies halfway. */
    private static void theSettingIsNotIgnored(GoldenCase golden) {
        QuantizationSpec spec = golden.quantizationSpec();
        QuantizationSpec defaults = spec.toBuilder()
                .roundMethod(RoundType.HALF_EVEN)
                .scaleType(ScaleType.FLOAT)
                .build();
        assertThat(Differences.of(golden, Computed.of(defaults, golden.batches(), golden.x())))
                .as(golden.id())
                .isEmpty();
        if (!isMoot(golden, spec)) {
            assertThat(Differences.of(golden, compute(golden))).as(golden.id()).isNotEmpty();
        }
    }

    /** Rounding of halves changes nothing without a half, a power-of-two scale nothing where the scale is one already. */
    private static boolean isMoot(GoldenCase golden, QuantizationSpec spec) {
        if (spec.scaleType() == ScaleType.POF2) {
            float scale =
                    GoldenTensors.floats(Objects.requireNonNull(golden.tensors().get("scale")))[0];
            return spec.roundMethod() == RoundType.HALF_EVEN && Math.scalb(1f, Math.getExponent(scale)) == scale;
        }
        return spec.roundMethod() == RoundType.ROUND && !golden.id().contains("half_");
    }

    private static void zerosStayZeros(GoldenCase golden) {
        Computed computed = compute(golden);
        Tensor output = Objects.requireNonNull(golden.tensors().get("output"));
        float[] recorded = GoldenTensors.floats(output);
        assertThat(Differences.of(withoutZeroScales(golden), computed, i -> Float.isNaN(recorded[i])))
                .as(golden.id())
                .isEmpty();
        int zeros = 0;
        for (int i = 0; i < recorded.length; i++) {
            if (Float.isNaN(recorded[i])) {
                assertThat(computed.output()[i]).isZero();
                assertThat(computed.codes()[i] & 0x7F).isZero();
                zeros++;
            }
        }
        assertThat(zeros).isPositive();
    }

    /** Scales of 0 are 1 here. */
    private static GoldenCase withoutZeroScales(GoldenCase golden) {
        Tensor scale = golden.tensors().get("scale");
        if (scale == null) {
            return golden;
        }
        float[] scales = GoldenTensors.floats(scale);
        for (int i = 0; i < scales.length; i++) {
            scales[i] = scales[i] == 0f ? 1f : scales[i];
        }
        Map<String, Tensor> tensors = new HashMap<>(golden.tensors());
        tensors.put("scale", Tensor.ofFloats(scales, scale.shape().toArray()));
        return new GoldenCase(
                golden.ours(),
                golden.id(),
                golden.spec(),
                golden.batches(),
                golden.x(),
                tensors,
                golden.exact(),
                golden.refused(),
                golden.nearTie());
    }
}
