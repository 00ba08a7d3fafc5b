package dev.hadron.config;

import dev.hadron.error.UnsupportedQuantizationException;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code algo_config} of release 0.13: one list of optimizations and algorithms, in which a rotation says by {@code r1} to
 * {@code r4} what it rotates. R1 alone is our {@code rotation}, with R2 it is our {@code quarot}.
 */
final class ReferenceAlgorithms {
    private static final Set<String> OPTIMIZATIONS =
            Set.of(SmoothQuantConfig.NAME, "smoothquant", RotationConfig.NAME, QuaRotConfig.NAME);
    private static final Set<String> ROTATION_UNUSED = Set.of(
            "online_r1_rotation", "online_config", "rotation_size", "smooth_positions", "train_smooth", "trainable");
    private static final Set<String> PATHS =
            Set.of("backbone", "model_decoder_layers", "v_proj", "o_proj", "self_attn", "mlp");

    private ReferenceAlgorithms() {}

    /** Moves the entries of the list, if it is one, to where our form has them. */
    static void separate(ObjectNode root, Place place) {
        if (!(root.get("algo_config") instanceof ArrayNode entries)) {
            return;
        }
        root.remove("algo_config");
        ArrayNode optimizations = root.putArray("pre_quant_opt_config");
        int index = 0;
        for (JsonNode entry : entries) {
            Place at = place.element(index++);
            if (entry instanceof ObjectNode object) {
                // Tells how many columns are updated at once, which changes no result.
                object.remove("block_size");
            }
            if (entry.has("r1") && entry instanceof ObjectNode rotation) {
                optimizations.add(rotation(rotation, at));
            } else if (OPTIMIZATIONS.contains(entry.path(TaggedForm.TAG).asString(""))) {
                optimizations.add(entry);
            } else if (root.has("algo_config")) {
                throw new UnsupportedQuantizationException(
                        at + " is a second algorithm, " + Place.shown(entry.path(TaggedForm.TAG))
                                + "; there can be one after any number of optimizations");
            } else {
                root.set("algo_config", entry);
            }
        }
    }

    private static ObjectNode rotation(ObjectNode entry, Place place) {
        ReferenceJson.dropUnused(entry, ROTATION_UNUSED, place);
        boolean r1 = take(entry, place, "r1");
        boolean r2 = take(entry, place, "r2");
        boolean r3 = take(entry, place, "r3");
        boolean r4 = take(entry, place, "r4");
        if (!r1 || (!r2 && (r3 || r4))) {
            throw new UnsupportedQuantizationException(place + " rotates by r1=" + r1 + ", r2=" + r2 + ", r3=" + r3
                    + ", r4=" + r4 + "; possible are r1 alone, or r1 and r2 with any of r3 and r4");
        }
        entry.put("random", take(entry, place, "random_r1"));
        boolean random2 = take(entry, place, "random_r2");
        if (!r2) {
            entry.remove(PATHS);
            return entry.put(TaggedForm.TAG, RotationConfig.NAME);
        }
        return entry.put(TaggedForm.TAG, QuaRotConfig.NAME)
                .put("random2", random2)
                .put("online_had", r3 || r4)
                .put("kv_cache_quant", r3)
                .put("act_quant", r4);
    }

    private static boolean take(ObjectNode entry, Place place, String key) {
        JsonNode value = entry.remove(key);
        return value != null && !value.isNull() && Forms.BOOLEAN.read(value, place.field(key));
    }
}
