package dev.hadron.algorithm.gptq;

import dev.hadron.algorithm.layer.LayerAlgorithm;
import dev.hadron.algorithm.layer.LayerWork;
import dev.hadron.algorithm.scaling.ChannelStatistics;
import dev.hadron.config.GPTQConfig;
import dev.hadron.error.InvalidInputException;
import dev.hadron.model.activation.ActivationStore;
import dev.hadron.model.arch.LayerPass;
import dev.hadron.model.arch.LayerStage;
import dev.hadron.model.arch.LayerState;
import dev.hadron.model.arch.LinearGroup;
import dev.hadron.model.arch.StreamWindows;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.plan.LayerPlan;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Quantizes the linear layers of a decoder layer in the order in which they run, each with the inputs that the quantized ones before give it.
 *
 * <p>The layer runs in stages: linear layers that read the same tensor share one Hessian, and nothing is run a second time. With {@code
 * true_sequential} off, all Hessians are of the layer as it was.
 */
public final class Gptq implements LayerAlgorithm {
    private final GPTQConfig config;

    /** GPTQ with these settings. */
    public Gptq(GPTQConfig config) {
        this.config = config;
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public boolean followsQuantized() {
        return true;
    }

    @Override
    public boolean changesFunction() {
        return true;
    }

    @Override
    public void run(LayerWork work) {
        Modules modules = Modules.of(config, work.layer());
        if (config.trueSequential()) {
            try (ActivationStore states = work.scratch()) {
                start(work, states);
                for (Iterator<LayerStage> stages = work.layer().stages().iterator(); stages.hasNext(); ) {
                    LayerStage stage = stages.next();
                    quantize(work, stage, states, modules);
                    if (stages.hasNext() || work.outputsAreRead()) {
                        advance(work, stage, states);
                    }
                }
                if (work.outputsAreRead()) {
                    finish(work, states);
                }
            }
        } else {
            quantizeAtOnce(work, modules);
        }
    }

    private static void start(LayerWork work, ActivationStore states) {
        work.overWindows(window -> {
            DeviceTensor x = StreamWindows.load(work.runtime(), work.quantizedInputs(), window);
            LayerState state = work.layer().start(work.pass(x.shape()[0]), x);
            StreamWindows.storeState(work.runtime(), states, window, state);
        });
    }

    private static void advance(LayerWork work, LayerStage stage, ActivationStore states) {
        work.overWindows(window -> {
            LayerState state = StreamWindows.loadState(work.runtime(), states, window);
            LayerState next = stage.advance(work.pass(state.stream().shape()[0]), state);
            StreamWindows.storeState(work.runtime(), states, window, next);
        });
    }

    private static void finish(LayerWork work, ActivationStore states) {
        work.overWindows(
                window -> work.storeQuantizedOutput(window, StreamWindows.load(work.runtime(), states, window)));
        work.quantizedOutputsStored();
    }

    private void quantize(LayerWork work, LayerStage stage, ActivationStore states, Modules modules) {
        try (TensorRuntime.Scope unused = work.runtime().scope()) {
            Map<LinearGroup, Hessian> hessians = hessians(work, stage, modules);
            for (int window = 0; window < states.windows(); window++) {
                try (TensorRuntime.Scope inner = work.runtime().scope()) {
                    LayerState state = StreamWindows.loadState(work.runtime(), states, window);
                    add(work, stage, state, hessians);
                }
            }
            solve(work, hessians, modules);
        }
    }

    /** Hessians of all stages from one pass over the layer as it was. */
    private void quantizeAtOnce(LayerWork work, Modules modules) {
        List<LayerStage> stages = work.layer().stages();
        try (TensorRuntime.Scope unused = work.runtime().scope()) {
            List<Map<LinearGroup, Hessian>> hessians =
                    stages.stream().map(stage -> hessians(work, stage, modules)).toList();
            for (int window = 0; window < work.quantizedInputs().windows(); window++) {
                try (TensorRuntime.Scope inner = work.runtime().scope()) {
                    DeviceTensor x = StreamWindows.load(work.runtime(), work.quantizedInputs(), window);
                    LayerState state = work.layer().start(work.pass(x.shape()[0]), x);
                    for (int stage = 0; stage < stages.size(); stage++) {
                        add(work, stages.get(stage), state, hessians.get(stage));
                        state = stages.get(stage).advance(work.pass(x.shape()[0]), state);
                    }
                }
            }
            hessians.forEach(ofStage -> solve(work, ofStage, modules));
        }
    }

    private static Map<LinearGroup, Hessian> hessians(LayerWork work, LayerStage stage, Modules modules) {
        Map<LinearGroup, Hessian> hessians = new LinkedHashMap<>();
        for (LinearGroup group : stage.groups()) {
            if (group.linears().stream().anyMatch(linear -> modules.isChosen(linear) && isQuantized(work, linear))) {
                long width = work.shape(group.linears().getFirst()).extent(1);
                hessians.put(group, new Hessian(work, Math.toIntExact(width)));
            }
        }
        return hessians;
    }

    private static boolean isQuantized(LayerWork work, String linear) {
        return work.plan(linear).flatMap(LayerPlan::weight).isPresent();
    }

    private static void add(LayerWork work, LayerStage stage, LayerState state, Map<LinearGroup, Hessian> hessians) {
        LayerPass pass = work.pass(state.stream().shape()[0]);
        stage.inputs(pass, state, (group, x) -> {
            Hessian hessian = hessians.get(group);
            if (hessian != null) {
                hessian.add(pass.hooks().input(group.linears().getFirst(), x));
            }
        });
    }

    private void solve(LayerWork work, Map<LinearGroup, Hessian> hessians, Modules modules) {
        hessians.forEach((group, hessian) -> {
            Set<String> linears = modules.chosen(group);
            if (hessian.tokens() == 0) {
                linears.forEach(linear -> work.note("gptq: no token of the calibration data reaches " + linear
                        + "; its weight is rounded as it is"));
                hessian.free();
            } else {
                solve(
                        work,
                        hessian,
                        linears.stream()
                                .filter(linear -> isQuantized(work, linear))
                                .toList());
            }
        });
    }

    /** Quantizes linear layers that share a Hessian. */
    private void solve(LayerWork work, Hessian hessian, List<String> linears) {
        requireInputs(hessian.diagonal(), linears.getFirst());
        try (TensorRuntime.Scope unused = work.runtime().scope()) {
            HessianFactor factor = HessianFactor.of(work, config, hessian, String.join(", ", linears));
            hessian.free();
            linears.forEach(linear -> new GptqSolver(work, config, linear, factor).solve());
        }
    }

    private static void requireInputs(float[] diagonal, String linear) {
        boolean allZero = true;
        for (int channel = 0; channel < diagonal.length; channel++) {
            if (!Float.isFinite(diagonal[channel])) {
                throw ChannelStatistics.notFinite(linear, channel);
            }
            allZero &= diagonal[channel] == 0;
        }
        if (allZero) {
            throw new InvalidInputException("gptq: all inputs of layer " + linear
                    + " are zero, so its Hessian says nothing; exclude the layer or give other calibration data");
        }
    }
}
