package dev.hadron.algorithm.scaling;

import dev.hadron.config.Nearest;
import dev.hadron.config.ScalingLayer;
import dev.hadron.error.ConfigException;
import dev.hadron.model.arch.DecoderLayer;
import dev.hadron.model.arch.LayerModule;
import dev.hadron.model.arch.ScalingGroup;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the modules that the scaling layers of a configuration name. */
public final class ScalingEntries {
    private final DecoderLayer layer;
    private final String algorithm;

    private ScalingEntries(DecoderLayer layer, String algorithm) {
        this.layer = layer;
        this.algorithm = algorithm;
    }

    /**
     * The entries of a layer.
     *
     * @param configured names relative to the decoder layer; those of the architecture where there are none
     * @param algorithm what messages call the algorithm
     * @throws ConfigException naming an entry's module that isn't there with the nearest that are, or layers that read the same input and are
     *     left out
     */
    public static List<ScalingEntry> of(DecoderLayer layer, @Nullable List<ScalingLayer> configured, String algorithm) {
        ScalingEntries entries = new ScalingEntries(layer, algorithm);
        if (configured == null || configured.isEmpty()) {
            return layer.scalingGroups().stream().map(entries::builtIn).toList();
        }
        List<ScalingEntry> resolved = new ArrayList<>();
        for (int i = 0; i < configured.size(); i++) {
            resolved.add(entries.configured(configured.get(i), "scaling_layers[" + i + "]"));
        }
        return List.copyOf(resolved);
    }

    private ScalingEntry builtIn(ScalingGroup group) {
        return new ScalingEntry(
                group.previous(),
                group.layers(),
                group.input(),
                layer.module(group.inspected()).orElseThrow());
    }

    private ScalingEntry configured(ScalingLayer entry, String place) {
        String previous = known(required(entry.prevOp(), place + ".prev_op"), place + ".prev_op");
        List<String> named = entry.layers();
        if (named == null || named.isEmpty()) {
            throw new ConfigException(
                    algorithm + ": " + place + ".layers is missing; it names the linear layers that read prev_op");
        }
        List<String> layers =
                named.stream().map(name -> known(name, place + ".layers")).toList();
        requireAllReaders(previous, layers, place);
        String input = entry.inp() == null ? layers.getFirst() : known(entry.inp(), place + ".inp");
        String inspected = entry.module2inspect();
        if (inspected == null && layers.size() > 1) {
            throw new ConfigException(
                    algorithm + ": " + place
                            + ".module2inspect is missing; an entry of several layers needs the module whose output is compared");
        }
        LayerModule module = layer.module(
                        inspected == null ? layers.getFirst() : known(inspected, place + ".module2inspect"))
                .orElseThrow(() -> new ConfigException(
                        algorithm + ": " + place + ".module2inspect names a norm; name a module that can be run"));
        return new ScalingEntry(previous, layers, input, module);
    }

    private String required(@Nullable String name, String place) {
        if (name == null) {
            throw new ConfigException(algorithm + ": " + place + " is missing");
        }
        return name;
    }

    /** The checkpoint's name of a module of the layer. */
    private String known(String name, String place) {
        String whole = layer.name() + "." + name;
        List<String> names = layer.moduleNames();
        if (!names.contains(whole)) {
            List<String> relative = names.stream()
                    .map(known -> known.substring(layer.name().length() + 1))
                    .toList();
            throw new ConfigException(algorithm + ": " + place + " names \"" + name
                    + "\", which a decoder layer of this model doesn't have; "
                    + "the nearest is " + Nearest.of(name, relative));
        }
        return whole;
    }

    private void requireAllReaders(String previous, List<String> layers, String place) {
        Set<String> wanted = new HashSet<>(layers);
        ScalingGroup group = layer.scalingGroups().stream()
                .filter(known -> known.previous().equals(previous))
                .findFirst()
                .orElseThrow(() -> new ConfigException(algorithm + ": " + place + ".prev_op is " + previous
                        + ", whose output isn't read by linear layers alone; it can be one of "
                        + String.join(
                                ", ",
                                layer.scalingGroups().stream()
                                        .map(ScalingGroup::previous)
                                        .toList())));
        if (!wanted.equals(Set.copyOf(group.layers()))) {
            throw new ConfigException(algorithm + ": " + place + ".layers is " + layers + ", but the output of "
                    + previous + " is read by " + group.layers()
                    + "; all of them must be named, or the model computes something else");
        }
    }
}
