// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform.oracle;

import java.math.BigInteger;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/** The value of a constant of the libc crate: integer arithmetic, casts, other constants and sizes of types. */
final class RustExpression {

    /** What is not understood: calls of functions, text, floating point. */
    static final class NotUnderstood extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotUnderstood(String what) {
            super(what);
        }
    }

    private static final String[][] PRECEDENCE = {{"|"}, {"^"}, {"&"}, {"<<", ">>"}, {"+", "-"}, {"*", "/", "%"}};

    private final RustTokens tokens;
    private final ToLongFunction<String> constants;
    private final ToIntFunction<RustTokens> sizes;

    /** @param sizes goes past a type and returns its size */
    RustExpression(RustTokens tokens, ToLongFunction<String> constants, ToIntFunction<RustTokens> sizes) {
        this.tokens = tokens.restarted();
        this.constants = constants;
        this.sizes = sizes;
    }

    long value() {
        long value = binary(0);
        if (!tokens.atEnd()) {
            throw new NotUnderstood(tokens.toString());
        }
        return value;
    }

    private long binary(int level) {
        if (level == PRECEDENCE.length) {
            return cast();
        }
        long left = binary(level + 1);
        while (true) {
            String operator = operator(level);
            if (operator.isEmpty()) {
                return left;
            }
            left = apply(operator, left, binary(level + 1));
        }
    }

    private String operator(int level) {
        for (String operator : PRECEDENCE[level]) {
            if (operator.equals(">>")
                    && tokens.peek().equals(">")
                    && tokens.peek(1).equals(">")) {
                tokens.next();
                tokens.next();
                return operator;
            }
            if (tokens.skip(operator)) {
                return operator;
            }
        }
        return "";
    }

    private static long apply(String operator, long left, long right) {
        return switch (operator) {
            case "|" -> left | right;
            case "^" -> left ^ right;
            case "&" -> left & right;
            case "<<" -> left << right;
            case ">>" -> left >> right;
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            case "/" -> left / right;
            case "%" -> left % right;
            default -> throw new NotUnderstood(operator);
        };
    }

    private long cast() {
        long value = unary();
        while (tokens.skip("as")) {
            String type = type();
            value = switch (type) {
                case "u8", "c_uchar" -> value & 0xff;
                case "i8" -> (byte) value;
                case "u16", "c_ushort" -> value & 0xffff;
                case "i16", "c_short" -> (short) value;
                case "u32", "c_uint" -> value & 0xffff_ffffL;
                case "i32", "c_int" -> (int) value;
                // What is left is 64 bits wide, or too narrow a type for the difference to matter to 32 bits.
                default -> value;
            };
        }
        return value;
    }

    private String type() {
        String name;
        do {
            tokens.skip("::");
            name = tokens.next();
        } while (tokens.peek().equals("::") && !name.equals("<"));
        return name;
    }

    private long unary() {
        if (tokens.skip("-")) {
            return -unary();
        }
        if (tokens.skip("!")) {
            return ~unary();
        }
        return primary();
    }

    private long primary() {
        String token = tokens.peek();
        if (token.equals("(")) {
            return new RustExpression(tokens.bracket(), constants, sizes).value();
        }
        if (!token.isEmpty() && Character.isDigit(token.charAt(0))) {
            return number(tokens.next());
        }
        String name = type();
        if (name.equals("<")) {
            // size_of::<T>() was read as a path
            int size = sizes.applyAsInt(tokens.until(">"));
            if (!tokens.bracket().atEnd()) {
                throw new NotUnderstood("a call with arguments");
            }
            return size;
        }
        if (!name.matches("[A-Za-z_]\\w*")
                || tokens.peek().equals("(")
                || tokens.peek().equals("{")) {
            throw new NotUnderstood(name + ' ' + tokens);
        }
        return constants.applyAsLong(name);
    }

    private static long number(String literal) {
        String digits = literal.replace("_", "");
        int radix = 10;
        if (digits.startsWith("0x")) {
            radix = 16;
        } else if (digits.startsWith("0o")) {
            radix = 8;
        } else if (digits.startsWith("0b")) {
            radix = 2;
        }
        String text = radix == 10 ? digits : digits.substring(2);
        String bare = text.replaceFirst("[iu](8|16|32|64|128|size)$", "");
        try {
            return new BigInteger(bare, radix).longValue();
        } catch (NumberFormatException e) {
            throw new NotUnderstood(literal);
        }
    }
}
