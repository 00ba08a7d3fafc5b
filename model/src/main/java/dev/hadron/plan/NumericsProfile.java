package dev.hadron.plan;

/**
 * What the arithmetic follows where releases of the reference differ. One value of a plan, and written into each recipe.
 */
public enum NumericsProfile {
    /**
     * Scales are computed in float32 and rounded to the type of the checkpoint's weights; a checkpoint holds the codes of the
     * fake-quantized weight.
     */
    QUARK_0_13("quark-0.13");

    private final String wireName;

    NumericsProfile(String wireName) {
        this.wireName = wireName;
    }

    /** The name in recipes. */
    public String wireName() {
        return wireName;
    }
}
