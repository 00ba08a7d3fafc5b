package dev.hadron.pipeline;

/** Two models' predictions of one token, from their logits: float32 numbers in, float64 arithmetic. */
final class NextToken {
    private final float[] base;
    private final float[] quantized;
    private final double[] probabilities;

    /** Room for logits of so many tokens. */
    NextToken(int vocabulary) {
        this.base = new float[vocabulary];
        this.quantized = new float[vocabulary];
        this.probabilities = new double[vocabulary];
    }

    /** The base's logits, to be filled in. */
    float[] base() {
        return base;
    }

    /** The quantized model's logits, to be filled in. */
    float[] quantized() {
        return quantized;
    }

    /**
     * {@code D(base || quantized) = sum over tokens of p (log p - log q)} (Kullback and Leibler 1951), in nats; {@code p} and {@code q} are
     * the softmax of the logits. Not below 0, which rounding might lead to.
     */
    double divergence() {
        double quantizedNormalizer = logNormalizer(quantized);
        // Last, so that what it leaves are the base's.
        double baseNormalizer = logNormalizer(base);
        double scale = Math.exp(largest(base) - baseNormalizer);
        double sum = 0;
        for (int i = 0; i < base.length; i++) {
            double p = probabilities[i] * scale;
            if (p > 0) {
                sum += p * ((base[i] - baseNormalizer) - (quantized[i] - quantizedNormalizer));
            }
        }
        return Math.max(0, sum);
    }

    /** Whether both hold the same token for the likeliest; the first of equally likely ones counts. */
    boolean agrees() {
        return likeliest(base) == likeliest(quantized);
    }

    /** {@code log(sum of exp(x))}; leaves the exponentials, relative to the largest. */
    private double logNormalizer(float[] logits) {
        double largest = largest(logits);
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] = Math.exp(logits[i] - largest);
            sum += probabilities[i];
        }
        return largest + Math.log(sum);
    }

    private static float largest(float[] logits) {
        return logits[likeliest(logits)];
    }

    private static int likeliest(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }
}
