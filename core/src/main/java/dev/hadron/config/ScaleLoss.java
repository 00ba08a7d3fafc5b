package dev.hadron.config;

/** How the difference of two outputs is measured. */
public enum ScaleLoss {
    /** The mean of the squared differences. */
    MSE,
    /** The mean of the absolute differences. */
    MAE,
    /** The mean of the square roots of the absolute differences, which is what the reference computes under this name. */
    RMSE
}
