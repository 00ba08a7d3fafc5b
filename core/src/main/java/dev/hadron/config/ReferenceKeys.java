package dev.hadron.config;

import java.util.Map;
import java.util.Set;

/**
 * Keys that files of the Python tool hold beyond those of the configuration API: which of them say nothing that matters here,
 * and which must have a value that asks for nothing.
 */
final class ReferenceKeys {
    /** Old spellings of our keys. */
    static final Map<String, String> OLD_SPELLINGS = Map.of("dynamic", "is_dynamic", "axis", "ch_axis");

    /** Keys of the whole configuration that say how the file was made. */
    static final Set<String> CONFIG_SKIPPED = Set.of("quant_method", "export", "version");

    /** Keys of the whole configuration that must be null, false or empty: what they ask for isn't available. */
    static final Set<String> CONFIG_UNUSED =
            Set.of("algo_config", "pre_quant_opt_config", "kv_cache_post_rope", "softmax_quant_spec");

    /** Keys of a specification that tune how the Python tool computes, not what. */
    static final Set<String> SPEC_SKIPPED = Set.of("enable_buffer_reuse", "max_input_numel", "scale_format");

    /** Keys of a specification that must be null or false. */
    static final Set<String> SPEC_UNUSED = Set.of("block_size", "is_scale_quant", "qat_spec");

    private ReferenceKeys() {}
}
