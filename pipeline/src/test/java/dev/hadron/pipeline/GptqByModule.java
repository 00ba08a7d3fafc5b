package dev.hadron.pipeline;

import dev.hadron.algorithm.gptq.Gptq;
import dev.hadron.algorithm.layer.LayerAlgorithm;
import dev.hadron.algorithm.layer.LayerWork;
import dev.hadron.config.GPTQConfig;
import dev.hadron.model.arch.LayerStage;
import dev.hadron.model.arch.LinearGroup;
import dev.hadron.model.arch.StreamWindows;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.tensor.Tensor;
import java.util.List;
import java.util.function.Function;

/**
 * GPTQ on one linear layer after the other, each with given weights in all that run before it, so that a code that falls the other way on a tie
 * doesn't change what comes after it.
 */
final class GptqByModule implements LayerAlgorithm {
    private final GPTQConfig config;
    private final Function<String, Tensor> given;

    /**
     * GPTQ by module.
     *
     * @param given the float32 weight that a linear layer has once its codes were chosen, by the layer's name
     */
    GptqByModule(GPTQConfig config, Function<String, Tensor> given) {
        this.config = config;
        this.given = given;
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
        for (LayerStage stage : work.layer().stages()) {
            for (LinearGroup group : stage.groups()) {
                for (String linear : group.linears()) {
                    only(linear.substring(work.layer().name().length() + 1)).run(work);
                    work.update(
                            linear + ".weight",
                            weight -> weight.data().copyFrom(given.apply(linear).data()));
                }
            }
        }
        work.overWindows(window -> {
            DeviceTensor x = StreamWindows.load(work.runtime(), work.quantizedInputs(), window);
            work.storeQuantizedOutput(window, work.layer().apply(work.pass(x.shape()[0]), x));
        });
    }

    private Gptq only(String module) {
        return new Gptq(new GPTQConfig(
                config.dampPercent(),
                config.descAct(),
                config.staticGroups(),
                config.trueSequential(),
                List.of(module),
                config.modelDecoderLayers()));
    }
}
