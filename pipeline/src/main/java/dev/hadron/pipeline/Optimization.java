package dev.hadron.pipeline;

import dev.hadron.algorithm.Algorithms;
import dev.hadron.algorithm.layer.LayerRun;
import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.dtype.WorkingType;
import dev.hadron.execution.Execution;
import dev.hadron.model.FloatWeights;
import dev.hadron.model.arch.Decoder;
import dev.hadron.model.arch.DecoderModel;
import dev.hadron.model.arch.DecoderSpec;
import dev.hadron.model.arch.LinearHooks;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.pipeline.work.Changes;
import dev.hadron.pipeline.work.WorkFolder;
import dev.hadron.plan.QuantizationPlan;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Runs the algorithms that a plan's configuration asks for, in a folder where the run can be continued. */
final class Optimization {
    private final Checkpoint source;
    private final QuantizationPlan plan;
    private final DecoderSpec spec;

    Optimization(Checkpoint source, QuantizationPlan plan, DecoderSpec spec) {
        this.source = source;
        this.plan = plan;
        this.spec = spec;
    }

    /** Runs what isn't done yet, and gives all that was made. */
    Changes run(List<long[]> windows, TensorRuntime runtime, WorkFolder work, Execution execution) throws IOException {
        Decoder.requireTokens(windows, spec.vocabulary());
        DecoderModel model = new DecoderModel(spec, new FloatWeights(source), runtime);
        Function<String, WorkingType> types = this::typeOf;
        LayerRun run = new LayerRun(
                model, plan, Algorithms.of(plan.config(), spec), runtime, LinearHooks.NONE, types, work, execution);
        Set<String> quantized = plan.layers().stream()
                .filter(layer -> layer.weight().isPresent())
                .map(layer -> layer.weightView().tensor())
                .collect(Collectors.toSet());
        run.run(
                windows,
                work.done(),
                result -> work.store(
                        result, runtime, tensor -> quantized.contains(tensor) ? WorkingType.FLOAT32 : typeOf(tensor)));
        return work.changes(plan);
    }

    private WorkingType typeOf(String tensor) {
        return WorkingType.of(source.require(tensor).type());
    }
}
