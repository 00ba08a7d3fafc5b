package dev.hadron.algorithm;

import dev.hadron.algorithm.rotation.ModelRotations;
import dev.hadron.config.PreQuantOptConfig;
import dev.hadron.config.QuaRotConfig;
import dev.hadron.config.RotationConfig;
import dev.hadron.config.ScalingLayer;
import dev.hadron.config.SmoothQuantConfig;
import dev.hadron.error.ConfigException;
import dev.hadron.error.UnsupportedQuantizationException;
import dev.hadron.export.ExportLayout;
import dev.hadron.model.arch.DecoderLayer;
import dev.hadron.model.arch.DecoderSpec;
import dev.hadron.model.arch.ScalingGroup;
import dev.hadron.plan.QuantizationPlan;
import dev.hadron.rotation.Rotation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Refuses, before any work, rotations that a model, a plan or what else is asked for doesn't allow. */
final class RotationCheck {
    private final QuantizationPlan plan;
    private final DecoderSpec model;

    RotationCheck(QuantizationPlan plan, DecoderSpec model) {
        this.plan = plan;
        this.model = model;
    }

    void check(RotationConfig config) {
        requireAloneAndFirst(config);
        requireReaders(config.name(), config.scalingLayers());
        Rotation.hadamard(model.hidden());
    }

    void check(QuaRotConfig config) {
        requireAloneAndFirst(config);
        requireReaders(config.name(), config.scalingLayers());
        requireName("backbone", config.backbone(), "model");
        requireName("model_decoder_layers", config.modelDecoderLayers(), "model.layers");
        DecoderLayer layer = model.layer(0);
        requireName("v_proj", config.vProj(), relative(layer, layer.valueProjection()));
        requireName("o_proj", config.oProj(), relative(layer, layer.outputProjection()));
        requireName("self_attn", config.selfAttn(), parent(relative(layer, layer.outputProjection())));
        if (config.optimizedRotationPath() == null) {
            Rotation.hadamard(model.hidden());
            Rotation.hadamard(model.headWidth());
        }
        boolean isOnline = ModelRotations.rotatesQueriesAndKeys(config) || ModelRotations.rotatesIntermediate(config);
        if (isOnline && plan.layout() != ExportLayout.HADRON) {
            throw new UnsupportedQuantizationException(
                    "quarot with online_had multiplies activations by Hadamard matrices while"
                            + " the model runs, which no program that loads the layout "
                            + plan.layout().wireName()
                            + " does; choose the layout hadron, or set online_had to false");
        }
        if (ModelRotations.rotatesIntermediate(config)) {
            for (String linear : layer.intermediateReaders()) {
                Rotation.hadamard(layer.width(linear));
            }
        }
    }

    private void requireAloneAndFirst(PreQuantOptConfig rotation) {
        for (PreQuantOptConfig other : plan.config().preQuantOptConfig()) {
            if (other.equals(rotation)) {
                return;
            }
            switch (other) {
                case SmoothQuantConfig smooth ->
                    throw new ConfigException("pre_quant_opt_config has " + smooth.name() + " before " + rotation.name()
                            + ", which moves the weights of norms into the layers after them and undoes the smoothing;"
                            + " name the rotation first");
                case RotationConfig first -> refuseSecond(first, rotation);
                case QuaRotConfig first -> refuseSecond(first, rotation);
            }
        }
    }

    private static void refuseSecond(PreQuantOptConfig first, PreQuantOptConfig second) {
        throw new ConfigException("pre_quant_opt_config has " + first.name() + " and " + second.name()
                + ", which rotate the same channels; keep one of them");
    }

    private static void requireName(String key, String configured, String actual) {
        if (!configured.equals(actual)) {
            throw new ConfigException("quarot: " + key + " is \"" + configured + "\", but this model has \"" + actual
                    + "\" there; leave it out to take the model's");
        }
    }

    private static String relative(DecoderLayer layer, String module) {
        return module.substring(layer.name().length() + 1);
    }

    private static String parent(String module) {
        return module.substring(0, module.lastIndexOf('.'));
    }

    /** Each norm moves into all that read it, or the model computes something else. */
    private void requireReaders(String name, List<ScalingLayer> entries) {
        for (int i = 0; i < entries.size(); i++) {
            ScalingLayer entry = entries.get(i);
            String place = name + ": scaling_layers[" + i + "]";
            String norm = entry.normModule();
            List<String> next = entry.nextModules();
            if (norm == null || next == null) {
                throw new ConfigException(place + " needs norm_module and next_modules");
            }
            boolean known = false;
            for (int layer = 0; layer < model.layers() && !known; layer++) {
                Set<String> readers = readers(layer).get(inLayer(norm, layer));
                int index = layer;
                known = readers != null
                        && readers.equals(Set.copyOf(next.stream()
                                .map(module -> inLayer(module, index))
                                .toList()));
            }
            if (!known) {
                throw new ConfigException(place + " names " + norm + " with " + next
                        + ", which aren't a norm of this model and all layers that read it; leave scaling_layers out to take"
                        + " the model's");
            }
        }
    }

    private Map<String, Set<String>> readers(int index) {
        Map<String, Set<String>> readers = new HashMap<>();
        readers.put(DecoderSpec.FINAL_NORM, Set.of(DecoderSpec.HEAD));
        for (ScalingGroup group : model.layer(index).scalingGroups()) {
            readers.put(group.previous(), Set.copyOf(group.layers()));
        }
        return readers;
    }

    /** Files of other tools write {@code layer_id} for the number of a decoder layer; ours write names within one. */
    private String inLayer(String module, int layer) {
        String numbered = module.replace("layer_id", String.valueOf(layer));
        return numbered.startsWith("model.") || numbered.equals(DecoderSpec.HEAD)
                ? numbered
                : model.layer(layer).name() + "." + numbered;
    }
}
