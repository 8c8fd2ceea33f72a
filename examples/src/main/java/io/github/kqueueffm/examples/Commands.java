// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Runs an example as a command: one line for an error, and an exit code that a script can test. */
public final class Commands {
    private static final int MAX_PORT = 65535;

    private Commands() {}

    /**
     * Parses the arguments and runs the command.
     *
     * @return 0 when the command succeeded, 1 when it ran and failed, 2 when its arguments are wrong
     */
    public static int run(Callable<Integer> command, String... args) {
        return newCommandLine(command).execute(args);
    }

    static CommandLine newCommandLine(Callable<Integer> command) {
        return new CommandLine(command)
                .setParameterExceptionHandler(Commands::badUsage)
                .setExecutionExceptionHandler(Commands::failed);
    }

    /**
     * Checks a number that was given as an option.
     *
     * @throws ParameterException if it is out of the range, whose both ends are allowed
     */
    public static void requireRange(CommandSpec command, String option, long value, long min, long max) {
        if (value < min || value > max) {
            throw new ParameterException(
                    command.commandLine(), option + " must be from " + min + " to " + max + ", not " + value);
        }
    }

    /** Checks the option {@code --port}. */
    public static void requirePort(CommandSpec command, long port) {
        requireRange(command, "--port", port, 0, MAX_PORT);
    }

    private static int badUsage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        command.getErr().println("error: " + oneLine(e) + " (--help lists the options)");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult result) throws Exception {
        if (e instanceof ExampleFailure) {
            command.getErr().println("error: " + oneLine(e));
            return command.getCommandSpec().exitCodeOnExecutionException();
        }
        // Not foreseen, so a defect: the stack trace is wanted.
        throw e;
    }

    private static String oneLine(Exception e) {
        return ExampleFailure.oneLine(String.valueOf(e.getMessage()));
    }
}
