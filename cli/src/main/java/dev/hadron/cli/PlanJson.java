package dev.hadron.cli;

import dev.hadron.algorithm.Algorithms;
import dev.hadron.config.ConfigJson;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.pipeline.CopiedTensor;
import dev.hadron.pipeline.PlanReport;
import dev.hadron.pipeline.PlannedLayer;
import dev.hadron.plan.LayerPlan;
import dev.hadron.plan.TensorRole;
import dev.hadron.tensor.Shape;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A plan for programs: everything, each layer by itself. */
final class PlanJson {
    /** The version of the form: what is there keeps its name and meaning within one. */
    private static final int FORMAT = 1;

    private PlanJson() {}

    static ObjectNode of(PlanReport report) {
        ObjectNode root = Output.object().put("format", FORMAT);
        root.put("layout", report.plan().layout().wireName());
        root.put("bytes_before", report.bytesBefore());
        root.put("bytes_after", report.bytesAfter());
        root.put("bytes_copied", report.bytesCopied());
        root.put("bits_per_weight", report.bitsPerWeight());
        Algorithms.names(report.plan().config()).forEach(root.putArray("algorithms")::add);
        root.put("needs_calibration", report.needsData());
        root.putObject("estimate")
                .put("peak_memory_bytes", report.estimate().peakMemory())
                .put("seconds", report.estimate().seconds());
        ArrayNode layers = root.putArray("layers");
        report.layers().forEach(layer -> layers.add(layer(layer)));
        ObjectNode kept = root.putObject("kept");
        new TreeMap<>(report.plan().kept()).forEach(kept::put);
        ArrayNode copied = root.putArray("copied");
        report.copied().forEach(copy -> copied.add(copied(copy)));
        report.plan().warnings().forEach(root.putArray("warnings")::add);
        return root;
    }

    private static ObjectNode layer(PlannedLayer layer) {
        LayerPlan plan = layer.plan();
        ObjectNode node = Output.object()
                .put("name", plan.layer())
                .put("type", plan.type().wireName())
                .put("tensor", plan.weightView().tensor())
                .put("dtype", layer.storage().name());
        shape(node, plan.weightView().shape());
        tensor(node, plan, TensorRole.WEIGHT, plan.weight());
        tensor(node, plan, TensorRole.INPUT, plan.input());
        tensor(node, plan, TensorRole.OUTPUT, plan.output());
        tensor(node, plan, TensorRole.BIAS, Optional.empty());
        if (layer.bitsPerWeight().isPresent()) {
            node.put("bits_per_weight", layer.bitsPerWeight().getAsDouble());
        } else {
            node.putNull("bits_per_weight");
        }
        node.put("bytes_before", layer.bytesBefore());
        node.put("bytes_after", layer.bytesAfter());
        ArrayNode written = node.putArray("written");
        layer.written().forEach(declared -> {
            ObjectNode tensor = written.addObject()
                    .put("name", declared.name())
                    .put("dtype", declared.type().name())
                    .put("bytes", declared.byteSize());
            shape(tensor, declared.shape());
        });
        return node;
    }

    /** Null where nothing was said; without a specification where it was said that the tensor stays. */
    private static void tensor(ObjectNode node, LayerPlan plan, TensorRole role, Optional<QuantizationSpec> spec) {
        String rule = plan.rules().get(role);
        if (rule == null) {
            node.putNull(role.wireName());
            return;
        }
        ObjectNode tensor = node.putObject(role.wireName()).put("rule", rule);
        if (spec.isPresent()) {
            tensor.set("spec", ConfigJson.toTree(spec.get()));
        } else {
            tensor.putNull("spec");
        }
    }

    private static ObjectNode copied(CopiedTensor copy) {
        ObjectNode node = Output.object()
                .put("tensor", copy.tensor().name())
                .put("dtype", copy.tensor().type().name())
                .put("bytes", copy.tensor().byteSize())
                .put("is_layer", copy.isLayer())
                .put("reason", copy.reason());
        shape(node, copy.tensor().shape());
        return node;
    }

    private static void shape(ObjectNode node, Shape shape) {
        Arrays.stream(shape.toArray()).forEach(node.putArray("shape")::add);
    }
}
