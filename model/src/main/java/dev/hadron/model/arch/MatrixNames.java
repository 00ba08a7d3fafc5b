package dev.hadron.model.arch;

/**
 * What the matrices of a gated feed-forward block are called in the checkpoint.
 *
 * @param gate whose output passes the activation
 * @param up whose output is multiplied with that
 * @param down back to the residual stream
 */
public record MatrixNames(String gate, String up, String down) {
    static final MatrixNames USUAL = new MatrixNames("gate_proj", "up_proj", "down_proj");
}
