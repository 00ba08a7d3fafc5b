package dev.hadron.golden;

import dev.hadron.config.ObserverType;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.tensor.Tensor;
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
        String id,
        JsonNode spec,
        List<Tensor> batches,
        Tensor x,
        Map<String, Tensor> tensors,
        boolean exact,
        boolean refused,
        boolean nearTie) {
    /** All cases of a folder. */
    static List<GoldenCase> read(String folder) {
        JsonNode manifest = GoldenFolder.json(folder + "/manifest.json");
        GoldenTensors all = new GoldenTensors(GoldenFolder.require(folder + "/numerics.safetensors"));
        JsonNode inputs = manifest.get("inputs");
        List<GoldenCase> cases = new ArrayList<>();
        for (JsonNode node : manifest.get("cases")) {
            Tensor x = input(inputs, all, node.get("apply"));
            List<Tensor> batches = new ArrayList<>();
            node.get("calibrate").forEach(name -> batches.add(input(inputs, all, name)));
            Map<String, Tensor> tensors = new HashMap<>();
            node.get("tensors").forEachEntry((name, key) -> tensors.put(name, all.get(key.stringValue())));
            cases.add(new GoldenCase(
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
        String observer = text("observer_cls");
        if (observer != null && observer().isEmpty()) {
            return Optional.of(observer + " isn't available");
        }
        return "float32".equals(text("zero_point_type"))
                ? Optional.of("float32 zero points aren't available")
                : Optional.empty();
    }

    Optional<Dtype> dtype() {
        return Dtype.ofWireName(String.valueOf(text("dtype")));
    }

    /** The specification of a case that is available. */
    QuantizationSpec quantizationSpec() {
        QSchemeType scheme = QSchemeType.valueOf(upper("qscheme").orElseThrow());
        return QuantizationSpec.builder(dtype().orElseThrow())
                .qscheme(scheme)
                .observerCls(observer()
                        .orElse(
                                switch (scheme) {
                                    case PER_TENSOR -> ObserverType.PER_TENSOR_MIN_MAX;
                                    case PER_CHANNEL -> ObserverType.PER_CHANNEL_MIN_MAX;
                                    case PER_GROUP -> ObserverType.PER_GROUP_MIN_MAX;
                                }))
                .isDynamic(spec.get("is_dynamic").booleanValue())
                .chAxis(integer("ch_axis"))
                .groupSize(integer("group_size"))
                .symmetric(
                        spec.get("symmetric").isNull()
                                ? null
                                : spec.get("symmetric").booleanValue())
                .roundMethod(upper("round_method").map(RoundType::valueOf).orElse(null))
                .scaleType(upper("scale_type").map(ScaleType::valueOf).orElse(null))
                .build();
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
