package dev.hadron.golden;

import dev.hadron.config.ObserverType;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.ZeroPointType;
import dev.hadron.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A recorded answer.
 *
 * @param ours whether it says what is right, instead of what the reference computes
 * @param id says what was done to which input
 * @param spec the specification, by field
 * @param batches what the observer sees
 * @param x what is quantized
 * @param tensors what was computed: {@code scale}, {@code zero_point}, {@code output}, {@code codes}
 * @param exact whether to the last bit
 * @param refused whether it was refused at some stage
 * @param nearTie whether the smallest error among the candidates isn't certain
 */
record GoldenCase(
        boolean ours,
        String id,
        JsonNode spec,
        List<Tensor> batches,
        Tensor x,
        Map<String, Tensor> tensors,
        boolean exact,
        boolean refused,
        boolean nearTie) {
    /** All cases of a folder. */
    static List<GoldenCase> read(Path folder) {
        JsonNode manifest = GoldenFolder.json(folder.resolve("manifest.json"));
        GoldenTensors all = new GoldenTensors(folder.resolve("numerics.safetensors"));
        boolean ours = manifest.path("reference").path("package").asString("").startsWith("spec/");
        JsonNode inputs = manifest.get("inputs");
        List<GoldenCase> cases = new ArrayList<>();
        for (JsonNode node : manifest.get("cases")) {
            Tensor x = input(inputs, all, node.get("apply"));
            List<Tensor> batches = new ArrayList<>();
            node.get("calibrate").forEach(name -> batches.add(input(inputs, all, name)));
            Map<String, Tensor> tensors = new HashMap<>();
            node.get("tensors").forEachEntry((name, key) -> tensors.put(name, all.get(key.stringValue())));
            cases.add(new GoldenCase(
                    ours,
                    node.get("id").stringValue(),
                    node.get("spec"),
                    batches.isEmpty() ? List.of(x) : batches,
                    x,
                    tensors,
                    node.get("compare").stringValue().equals("exact"),
                    !node.get("error").isNull(),
                    node.path("near_tie").asBoolean(false)));
        }
        return cases;
    }

    /** Why this case can't be computed yet; empty if it can. */
    Optional<String> unavailable() {
        if (dtype().isEmpty()) {
            return Optional.of("the data type " + text("dtype") + " isn't available");
        }
        return "TQTObserver".equals(text("observer_cls"))
                ? Optional.of("trained thresholds aren't available")
                : Optional.empty();
    }

    Optional<Dtype> dtype() {
        return Dtype.ofWireName(String.valueOf(text("dtype")));
    }

    /** The specification of a case that is available. */
    QuantizationSpec quantizationSpec() {
        Dtype dtype = dtype().orElseThrow();
        Optional<QSchemeType> scheme = upper("qscheme").map(QSchemeType::valueOf);
        return QuantizationSpec.builder(dtype)
                .qscheme(scheme.orElse(dtype == Dtype.MX ? QSchemeType.PER_GROUP : null))
                .observerCls(observer()
                        .orElseGet(() -> scheme.filter(unused ->
                                        dtype.format() instanceof IntFormat || dtype.format() instanceof FloatFormat)
                                .map(GoldenCase::minMax)
                                .orElse(ObserverType.PER_BLOCK_MX)))
                .isDynamic(dynamic(dtype))
                .chAxis(integer("ch_axis"))
                .groupSize(integer("group_size"))
                .symmetric(
                        spec.path("symmetric").isBoolean()
                                ? spec.get("symmetric").booleanValue()
                                : null)
                .roundMethod(upper("round_method").map(RoundType::valueOf).orElse(null))
                .scaleType(upper("scale_type").map(ScaleType::valueOf).orElse(null))
                .zeroPointType(
                        upper("zero_point_type").map(ZeroPointType::valueOf).orElse(ZeroPointType.INT32))
                .mxElementDtype(Dtype.ofWireName(String.valueOf(text("mx_element_dtype")))
                        .orElse(null))
                .build();
    }

    /** Recorded blocks without a specification say nothing of it. */
    private @Nullable Boolean dynamic(Dtype dtype) {
        JsonNode said = spec.path("is_dynamic");
        if (said.isBoolean()) {
            return said.booleanValue();
        }
        return dtype == Dtype.MX ? Boolean.TRUE : null;
    }

    private static ObserverType minMax(QSchemeType scheme) {
        return switch (scheme) {
            case PER_TENSOR -> ObserverType.PER_TENSOR_MIN_MAX;
            case PER_CHANNEL -> ObserverType.PER_CHANNEL_MIN_MAX;
            case PER_GROUP -> ObserverType.PER_GROUP_MIN_MAX;
        };
    }

    @Nullable
    String text(String field) {
        JsonNode node = spec.path(field);
        return node.isString() ? node.stringValue() : null;
    }

    @Override
    public String toString() {
        return id;
    }

    private static Tensor input(JsonNode inputs, GoldenTensors all, JsonNode name) {
        return all.get(inputs.get(name.stringValue()).get("tensor").stringValue());
    }

    private Optional<ObserverType> observer() {
        return Arrays.stream(ObserverType.values())
                .filter(type -> type.wireName().equals(text("observer_cls")))
                .findFirst();
    }

    private Optional<String> upper(String field) {
        return Optional.ofNullable(text(field)).map(text -> text.toUpperCase(Locale.ROOT));
    }

    private @Nullable Integer integer(String field) {
        JsonNode node = spec.path(field);
        return node.isInt() ? node.intValue() : null;
    }
}
