package dev.hadron.model.arch;

import dev.hadron.model.ModelConfig;

/** The numbers of experts in a {@code config.json}. */
final class ExpertKeys {
    /** No real model comes near; it bounds the memory that a wrong number can take. */
    private static final int MOST_EXPERTS = 10_000;

    private static final String COUNT = "num_local_experts";
    private static final String PER_TOKEN = "num_experts_per_tok";

    private final ModelConfig config;
    private final String countKey;

    /**
     * The keys of a model.
     *
     * @param otherCountKey the key of the number of experts where the usual one is missing
     */
    ExpertKeys(ModelConfig config, String otherCountKey) {
        this.config = config;
        this.countKey = config.node().has(COUNT) ? COUNT : otherCountKey;
    }

    /** How many experts a layer has. */
    int count(int otherwise) {
        int count = config.count(countKey).orElse(otherwise);
        if (count > MOST_EXPERTS) {
            throw config.wrong(countKey, "at most " + MOST_EXPERTS);
        }
        return count;
    }

    /** How many of {@code count} experts a token passes. */
    int perToken(int otherwise, int count) {
        int perToken = config.count(PER_TOKEN).orElse(otherwise);
        if (perToken > count) {
            throw config.wrong(PER_TOKEN, "at most the number of experts (" + countKey + "), " + count);
        }
        return perToken;
    }
}
