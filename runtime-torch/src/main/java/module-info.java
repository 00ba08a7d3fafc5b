/** The tensor runtime on libtorch. */
module dev.hadron.runtime.torch {
    requires dev.hadron.model;
    requires org.bytedeco.javacpp;
    requires org.bytedeco.openblas;
    requires org.bytedeco.pytorch;

    provides dev.hadron.model.runtime.TensorRuntime.Provider with
            dev.hadron.runtime.torch.TorchRuntimeProvider;
}
