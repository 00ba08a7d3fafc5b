package dev.hadron.pipeline;

import dev.hadron.algorithm.Algorithms;
import dev.hadron.algorithm.layer.LayerAlgorithm;
import dev.hadron.algorithm.layer.LayerRun;
import dev.hadron.algorithm.rotation.ModelRotations;
import dev.hadron.algorithm.rotation.RotatedWeights;
import dev.hadron.algorithm.rotation.RotationRun;
import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.dtype.WorkingType;
import dev.hadron.execution.Execution;
import dev.hadron.model.FloatWeights;
import dev.hadron.model.WeightSource;
import dev.hadron.model.arch.Decoder;
import dev.hadron.model.arch.DecoderModel;
import dev.hadron.model.arch.DecoderSpec;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.pipeline.work.Changes;
import dev.hadron.pipeline.work.WorkFolder;
import dev.hadron.plan.QuantizationPlan;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Runs the algorithms that a plan's configuration asks for, in a folder where the run can be continued. */
final class Optimization {
    private final Checkpoint source;
    private final QuantizationPlan plan;
    private final DecoderSpec spec;
    private final long seed;
    private final Set<String> quantized;

    /**
     * An optimization.
     *
     * @param seed of random rotations
     */
    Optimization(Checkpoint source, QuantizationPlan plan, DecoderSpec spec, long seed) {
        this.source = source;
        this.plan = plan;
        this.spec = spec;
        this.seed = seed;
        this.quantized = plan.layers().stream()
                .filter(layer -> layer.weight().isPresent())
                .map(layer -> layer.weightView().tensor())
                .collect(Collectors.toSet());
    }

    /**
     * Runs what isn't done yet, and gives all that was made.
     *
     * @param windows to run the model over; empty where nothing looks at activations
     * @param runtime loaded only if the model is run
     */
    Changes run(List<long[]> windows, Supplier<TensorRuntime> runtime, WorkFolder work, Execution execution)
            throws IOException {
        Optional<ModelRotations> rotations = Algorithms.rotations(plan.config(), spec, seed, execution.parallel());
        WeightSource weights = new FloatWeights(source);
        DecoderSpec model = spec;
        if (rotations.isPresent()) {
            weights = new RotatedWeights(weights, spec, rotations.get(), execution.parallel());
            model = spec.untied();
        }
        List<LayerAlgorithm> algorithms = Algorithms.of(plan.config(), model);
        LayerRun.Receiver receiver = result -> work.store(result, runtime, this::storedType);
        if (algorithms.isEmpty() && !plan.needsCalibration()) {
            new RotationRun(model, weights, execution).run(work.done(), receiver);
        } else {
            Decoder.requireTokens(windows, spec.vocabulary());
            new LayerRun(
                            new DecoderModel(model, weights, runtime.get()),
                            plan,
                            algorithms,
                            runtime.get(),
                            Algorithms.onlineRotation(plan.config(), model, runtime.get())::around,
                            rotations.isPresent(),
                            this::typeOf,
                            work,
                            execution)
                    .run(windows, work.done(), receiver);
        }
        return work.changes(plan);
    }

    /** A weight that is quantized stays exact until then. */
    private WorkingType storedType(String tensor) {
        return quantized.contains(tensor) ? WorkingType.FLOAT32 : typeOf(tensor);
    }

    /** An output matrix that the checkpoint doesn't have is made of the embedding table. */
    private WorkingType typeOf(String tensor) {
        return WorkingType.of(source.find(tensor)
                .orElseGet(() -> source.require(DecoderSpec.EMBEDDING + ".weight"))
                .type());
    }
}
