package dev.hadron.model.tokenizer.template;

/** Arithmetic of integers and floats; an integer that doesn't fit 64 bits is refused instead of wrapped. */
final class Numbers {
    private Numbers() {}

    static Value literal(Token token) {
        try {
            return token.kind() == Token.Kind.REAL
                    ? new Value.Real(Double.parseDouble(token.text()))
                    : Value.of(Long.parseLong(token.text()));
        } catch (NumberFormatException e) {
            throw new TemplateException(token.line(), "the number " + token.described() + " doesn't fit 64 bits");
        }
    }

    static boolean isNumber(Value value) {
        return value instanceof Value.Int || value instanceof Value.Real || value instanceof Value.Bool;
    }

    static boolean isInteger(Value value) {
        return value instanceof Value.Int || value instanceof Value.Bool;
    }

    static long integer(Value value) {
        return switch (value) {
            case Value.Int(long number) -> number;
            case Value.Bool(boolean truth) -> truth ? 1 : 0;
            default -> throw new AssertionError(value + " was tested to be an integer");
        };
    }

    static double real(Value value) {
        return value instanceof Value.Real(double number) ? number : integer(value);
    }

    static int compare(Value left, Value right) {
        return isInteger(left) && isInteger(right)
                ? Long.compare(integer(left), integer(right))
                : Double.compare(real(left) + 0.0, real(right) + 0.0);
    }

    static Value calculate(String operator, Value left, Value right, int line) {
        try {
            return isInteger(left) && isInteger(right)
                    ? integers(operator, integer(left), integer(right), line)
                    : new Value.Real(reals(operator, real(left), real(right), line));
        } catch (ArithmeticException e) {
            throw new TemplateException(line, "the result of '" + operator + "' doesn't fit 64 bits");
        }
    }

    static Value negate(Value value, int line) {
        if (value instanceof Value.Real(double number)) {
            return new Value.Real(-number);
        }
        return calculate("-", Value.of(0), value, line);
    }

    private static Value integers(String operator, long a, long b, int line) {
        if (b == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
            throw new TemplateException(line, "it divides by zero");
        }
        return switch (operator) {
            case "+" -> Value.of(Math.addExact(a, b));
            case "-" -> Value.of(Math.subtractExact(a, b));
            case "*" -> Value.of(Math.multiplyExact(a, b));
            case "/" -> new Value.Real((double) a / b);
            case "//" -> Value.of(Math.floorDivExact(a, b));
            case "%" -> Value.of(Math.floorMod(a, b));
            case "**" -> b < 0 ? new Value.Real(Math.pow((double) a, (double) b)) : Value.of(power(a, b));
            default -> throw new AssertionError("the parser makes no operator " + operator);
        };
    }

    private static long power(long base, long exponent) {
        if (exponent > Long.SIZE && Math.abs(base) > 1) {
            throw new ArithmeticException("too large");
        }
        long power = 1;
        for (long i = 0; i < Math.min(exponent, Long.SIZE + exponent % 2); i++) {
            power = Math.multiplyExact(power, base);
        }
        return power;
    }

    private static double reals(String operator, double a, double b, int line) {
        if (b == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
            throw new TemplateException(line, "it divides by zero");
        }
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / b;
            case "//" -> Math.floor(a / b);
            case "%" -> {
                double rest = a % b;
                yield rest != 0 && rest < 0 != b < 0 ? rest + b : rest;
            }
            case "**" -> Math.pow(a, b);
            default -> throw new AssertionError("the parser makes no operator " + operator);
        };
    }
}
