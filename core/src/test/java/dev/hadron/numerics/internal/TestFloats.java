package dev.hadron.numerics.internal;

import java.util.SplittableRandom;

/** Seeded floats of several kinds. */
enum TestFloats {
    /** What weights look like: small, around zero. */
    WEIGHTS {
        @Override
        float next(SplittableRandom random) {
            return (float) (random.nextGaussian() * 8);
        }
    },
    /** Halves and whole numbers, where roundings differ, and their neighbours. */
    TIES {
        @Override
        float next(SplittableRandom random) {
            float half = random.nextInt(-600, 600) / 2f;
            return switch (random.nextInt(4)) {
                case 0 -> Math.nextUp(half);
                case 1 -> Math.nextDown(half);
                default -> half;
            };
        }
    },
    /** Every exponent there is, both signs, no NaN. */
    FINITE {
        @Override
        float next(SplittableRandom random) {
            float value = Float.intBitsToFloat(random.nextInt());
            return Float.isFinite(value) ? value : 0f;
        }
    },
    /** Weights among zeros of both signs, subnormal numbers and runs of zeros. */
    ZEROS {
        @Override
        float next(SplittableRandom random) {
            return switch (random.nextInt(6)) {
                case 0 -> -0f;
                case 1 -> 0f;
                case 2 -> Math.copySign(Float.MIN_VALUE, random.nextInt());
                case 3 -> Math.copySign(0x1p-140f, random.nextInt());
                default -> WEIGHTS.next(random) * 0x1p-4f;
            };
        }

        @Override
        float[] floats(int count, long seed) {
            float[] floats = super.floats(count, seed);
            for (int i = 0; i < count; i++) {
                floats[i] = i / 64 % 3 == 2 ? 0f : floats[i];
            }
            return floats;
        }
    },
    /** Weights among NaN, infinities, zeros of both signs, subnormal numbers and the borders of float's whole numbers. */
    SPECIALS {
        private static final float[] VALUES = {
            Float.NaN,
            Float.intBitsToFloat(0xFFC0_0001),
            Float.intBitsToFloat(0x7F80_0001),
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            0f,
            -0f,
            Float.MIN_VALUE,
            -Float.MIN_VALUE,
            Float.MIN_NORMAL,
            0x1p-14f,
            0x1p-24f,
            0x1p-25f,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            65504f,
            65520f,
            0x1p22f,
            -0x1p22f,
            0x1p22f + 0.5f,
            0x1p23f,
            -0x1p23f,
            -0x1.8p23f,
            0x1p31f,
            -0x1p31f
        };

        @Override
        float next(SplittableRandom random) {
            return random.nextInt(3) == 0 ? VALUES[random.nextInt(VALUES.length)] : WEIGHTS.next(random);
        }
    };

    abstract float next(SplittableRandom random);

    float[] floats(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
            floats[i] = next(random);
        }
        return floats;
    }

    /** Each number times {@code scale}, so that it falls near a code. */
    float[] scaled(int count, long seed, float scale) {
        float[] floats = floats(count, seed);
        for (int i = 0; i < count; i++) {
            floats[i] *= scale;
        }
        return floats;
    }
}
