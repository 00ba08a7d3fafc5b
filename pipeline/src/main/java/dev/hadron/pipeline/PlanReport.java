package dev.hadron.pipeline;

import dev.hadron.algorithm.Algorithms;
import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.checkpoint.TensorInfo;
import dev.hadron.config.Config;
import dev.hadron.export.ExportLayout;
import dev.hadron.model.ModelLayers.ModelLayer;
import dev.hadron.model.NotALayer;
import dev.hadron.plan.LayerPlan;
import dev.hadron.plan.QuantizationPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What quantizing a model will do, tensor by tensor, found from the headers of its files alone.
 *
 * @param plan every decision
 * @param layers the layers of which something is quantized, in the order of the checkpoint
 * @param copied the tensors that stay as they are, in the order of the checkpoint
 * @param bytesBefore of all tensors now
 * @param looksAtActivations whether an algorithm does
 * @param estimate what it will take
 */
public record PlanReport(
        QuantizationPlan plan,
        List<PlannedLayer> layers,
        List<CopiedTensor> copied,
        long bytesBefore,
        boolean looksAtActivations,
        PlanEstimate estimate) {
    /** Copies the lists. */
    public PlanReport {
        layers = List.copyOf(layers);
        copied = List.copyOf(copied);
    }

    /**
     * Opens a checkpoint and plans.
     *
     * @param linear patterns of layers that are linear whatever their names say
     * @throws dev.hadron.error.HadronException naming everything that can't be done
     */
    public static PlanReport of(Path folder, Config config, ExportLayout layout, List<String> linear)
            throws IOException {
        return of(folder, config, layout, linear, PlanEstimate.SAMPLES, PlanEstimate.LENGTH);
    }

    /**
     * As {@link #of(Path, Config, ExportLayout, List)}, with an estimate for other calibration data than the usual.
     *
     * @param samples windows to calibrate with
     * @param length tokens of a window
     */
    public static PlanReport of(
            Path folder, Config config, ExportLayout layout, List<String> linear, int samples, int length)
            throws IOException {
        try (Checkpoint source = Checkpoint.open(folder)) {
            QuantizationPlan plan = QuantizationPlan.of(config, ModelQuantizer.layersOf(source, linear), layout);
            checkAlgorithms(source, plan);
            return of(source, plan, samples, length);
        }
    }

    /** Whether an algorithm of a plan's configuration looks at what passes the model. */
    static boolean looksAtActivations(Checkpoint source, QuantizationPlan plan) {
        return Algorithms.areAskedFor(plan.config())
                && Algorithms.needData(plan.config(), ServedDecoder.specOf(source));
    }

    /** Refuses what the algorithms of a plan's configuration can't do with a model. */
    static void checkAlgorithms(Checkpoint source, QuantizationPlan plan) {
        if (Algorithms.areAskedFor(plan.config())) {
            Algorithms.check(plan, ServedDecoder.specOf(source));
        }
    }

    /** The report on a plan for a checkpoint. */
    public static PlanReport of(Checkpoint source, QuantizationPlan plan) {
        return of(source, plan, PlanEstimate.SAMPLES, PlanEstimate.LENGTH);
    }

    private static PlanReport of(Checkpoint source, QuantizationPlan plan, int samples, int length) {
        Map<String, LayerPlan> planned = new HashMap<>();
        plan.layers().forEach(layer -> planned.put(layer.weightView().tensor(), layer));
        Map<String, String> names = new HashMap<>();
        for (ModelLayer layer : plan.model().layers()) {
            names.put(layer.weight().name(), layer.name());
        }
        List<PlannedLayer> layers = new ArrayList<>();
        List<CopiedTensor> copied = new ArrayList<>();
        for (TensorInfo tensor : source.tensors()) {
            LayerPlan layer = planned.get(tensor.name());
            if (layer == null) {
                copied.add(copied(tensor, plan, names));
            } else {
                layers.add(PlannedLayer.of(layer, tensor.type(), plan.layout()));
            }
        }
        boolean looksAtActivations = looksAtActivations(source, plan);
        return new PlanReport(
                plan,
                layers,
                copied,
                source.byteSize(),
                looksAtActivations,
                PlanEstimate.of(source, plan, layers, copied, looksAtActivations, samples, length));
    }

    /** Whether the model has to be run over calibration data. */
    public boolean needsData() {
        return plan.needsCalibration() || looksAtActivations;
    }

    /** Of all tensors afterwards. */
    public long bytesAfter() {
        return layers.stream().mapToLong(PlannedLayer::bytesAfter).sum() + bytesCopied();
    }

    /** Of the tensors that stay as they are. */
    public long bytesCopied() {
        return copied.stream().mapToLong(copy -> copy.tensor().byteSize()).sum();
    }

    /** Bits of a quantized weight on average, scales and zero points included; 0 where there is none. */
    public double bitsPerWeight() {
        long weights = layers.stream()
                .filter(layer -> layer.plan().weight().isPresent())
                .mapToLong(layer -> layer.plan().weightView().shape().elements())
                .sum();
        long bytes = layers.stream().mapToLong(PlannedLayer::weightBytes).sum();
        return weights == 0 ? 0 : (double) bytes * Byte.SIZE / weights;
    }

    private static CopiedTensor copied(TensorInfo tensor, QuantizationPlan plan, Map<String, String> names) {
        NotALayer reason = plan.model().others().get(tensor.name());
        if (reason != null) {
            return new CopiedTensor(tensor, false, reason.reason());
        }
        String layer = Objects.requireNonNull(names.get(tensor.name()));
        return new CopiedTensor(tensor, true, Objects.requireNonNull(plan.kept().get(layer)));
    }
}
