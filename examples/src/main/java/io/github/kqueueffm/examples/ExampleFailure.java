// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples;

/**
 * Something that the user of an example has to know and can act on, such as a port in use. It is shown as one line
 * and without a stack trace, and ends the example with exit code 1.
 */
public final class ExampleFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ExampleFailure(String message) {
        super(message);
    }

    public ExampleFailure(String message, Throwable cause) {
        super(message + ": " + describe(cause), cause);
    }

    /**
     * Says in one line what a throwable and its causes say, leaving out causes that only repeat what was said before
     * them (Netty wraps the message of a failed connect or a failed library load more than once).
     */
    public static String describe(Throwable throwable) {
        StringBuilder line = new StringBuilder();
        for (Throwable t = throwable; t != null; t = t.getCause()) {
            String message = t.getMessage() == null || t.getMessage().isBlank()
                    ? t.getClass().getSimpleName()
                    : oneLine(t.getMessage());
            if (line.indexOf(message) < 0) {
                line.append(line.isEmpty() ? "" : ": ").append(message);
            }
        }
        return line.toString();
    }

    /** Joins the lines of a message, with a semicolon where there is no punctuation that already separates them. */
    static String oneLine(String message) {
        return message.strip().replaceAll("(?<=[:;,])\\s*\\R\\s*", " ").replaceAll("\\s*\\R\\s*", "; ");
    }
}
