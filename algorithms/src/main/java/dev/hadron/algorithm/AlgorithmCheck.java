package dev.hadron.algorithm;

import dev.hadron.algorithm.gptq.Modules;
import dev.hadron.algorithm.rotation.ModelRotations;
import dev.hadron.algorithm.scaling.ScalingEntries;
import dev.hadron.algorithm.scaling.ScalingEntry;
import dev.hadron.config.AWQConfig;
import dev.hadron.config.AlgoConfig;
import dev.hadron.config.AutoSmoothQuantConfig;
import dev.hadron.config.Config;
import dev.hadron.config.GPTQConfig;
import dev.hadron.config.PreQuantOptConfig;
import dev.hadron.config.QuaRotConfig;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.config.RotationConfig;
import dev.hadron.config.ScalingLayer;
import dev.hadron.config.SmoothQuantConfig;
import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.HalfFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.QSchemeType;
import dev.hadron.error.ConfigException;
import dev.hadron.error.UnsupportedQuantizationException;
import dev.hadron.model.arch.DecoderLayer;
import dev.hadron.model.arch.DecoderSpec;
import dev.hadron.plan.LayerPlan;
import dev.hadron.plan.QuantizationPlan;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Refuses, before any work, what an algorithm can't do with a model and a plan. */
final class AlgorithmCheck {
    private static final String LAYERS = "model.layers";

    private final Config config;
    private final QuantizationPlan plan;
    private final DecoderSpec model;
    private final boolean rotatesIntermediate;

    AlgorithmCheck(QuantizationPlan plan, DecoderSpec model) {
        this.config = plan.config();
        this.plan = plan;
        this.model = model;
        this.rotatesIntermediate = config.preQuantOptConfig().stream()
                .anyMatch(optimization ->
                        optimization instanceof QuaRotConfig rotation && ModelRotations.rotatesIntermediate(rotation));
    }

    void run() {
        Algorithms.of(config, model);
        requireNoRepetition();
        config.preQuantOptConfig().forEach(this::check);
        AlgoConfig algorithm = config.algoConfig();
        if (algorithm != null) {
            check(algorithm);
        }
    }

    private void requireNoRepetition() {
        Set<String> names =
                config.preQuantOptConfig().stream().map(PreQuantOptConfig::name).collect(Collectors.toSet());
        if (names.size() < config.preQuantOptConfig().size()) {
            throw new ConfigException(
                    "pre_quant_opt_config names an optimization twice; the second would find nothing left to do");
        }
    }

    private void check(PreQuantOptConfig optimization) {
        switch (optimization) {
            case SmoothQuantConfig smooth ->
                requireEntries(smooth.name(), smooth.scalingLayers(), smooth.modelDecoderLayers());
            case RotationConfig rotation -> new RotationCheck(plan, model).check(rotation);
            case QuaRotConfig rotation -> new RotationCheck(plan, model).check(rotation);
        }
    }

    private void check(AlgoConfig algorithm) {
        switch (algorithm) {
            case AWQConfig awq -> requireEntries(awq.name(), awq.scalingLayers(), awq.modelDecoderLayers());
            case AutoSmoothQuantConfig smooth ->
                requireEntries(smooth.name(), smooth.scalingLayers(), smooth.modelDecoderLayers());
            case GPTQConfig gptq -> check(gptq);
        }
    }

    private void requireEntries(String name, @Nullable List<ScalingLayer> entries, @Nullable String decoderLayers) {
        requireDecoderLayers(name, decoderLayers);
        for (int layer = 0; layer < model.layers(); layer++) {
            DecoderLayer structure = model.layer(layer);
            for (ScalingEntry entry : ScalingEntries.of(structure, entries, name)) {
                if (rotatesIntermediate && structure.intermediateReaders().containsAll(entry.layers())) {
                    throw new ConfigException(
                            name + ": the input of " + entry.layers().getFirst()
                                    + " is rotated while the model runs (quarot with online_had), so factors can't move into "
                                    + entry.previous()
                                    + "; leave that entry out of scaling_layers, or set online_had to false");
                }
            }
        }
    }

    private static void requireDecoderLayers(String name, @Nullable String decoderLayers) {
        if (decoderLayers != null && !decoderLayers.isEmpty() && !decoderLayers.equals(LAYERS)) {
            throw new ConfigException(name + ": model_decoder_layers is \"" + decoderLayers
                    + "\", but the decoder layers of this model are in \"" + LAYERS + "\"");
        }
    }

    private void check(GPTQConfig gptq) {
        requireDecoderLayers(gptq.name(), gptq.modelDecoderLayers());
        if (!(gptq.dampPercent() >= 0) || !Double.isFinite(gptq.dampPercent())) {
            throw new ConfigException(
                    "gptq: damp_percent is " + gptq.dampPercent() + "; it must be 0 or a positive share such as 0.01");
        }
        for (int layer = 0; layer < model.layers(); layer++) {
            DecoderLayer structure = model.layer(layer);
            Modules modules = Modules.of(gptq, structure);
            for (LayerPlan planned : plan.layers()) {
                if (planned.weight().isPresent() && modules.isChosen(planned.layer())) {
                    check(gptq, planned.layer(), planned.weight().get());
                }
            }
        }
    }

    private static void check(GPTQConfig gptq, String layer, QuantizationSpec spec) {
        boolean possible = switch (spec.format()) {
            case IntFormat unused -> true;
            case FloatFormat unused -> true;
            case HalfFormat unused -> false;
            case BlockFormat unused -> false;
        };
        if (!possible) {
            throw new UnsupportedQuantizationException(
                    "gptq chooses codes of integers and FP8, but the weight of layer "
                            + layer + " is " + spec.dtype().wireName()
                            + "; leave the algorithm out, or choose the layer's type or inside_layer_modules otherwise");
        }
        if (gptq.descAct() && !gptq.staticGroups() && spec.qscheme() == QSchemeType.PER_GROUP) {
            throw new UnsupportedQuantizationException(
                    "gptq: desc_act with static_groups false makes groups of columns that"
                            + " don't lie together, which no layout of a checkpoint here can hold; set static_groups to true or"
                            + " desc_act to false");
        }
    }
}
