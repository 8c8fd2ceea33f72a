// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A failed system call. */
@Name("io.github.kqueueffm.Error")
@Label("Event Loop Error")
@Description("A system call of an event loop failed with an error that was told to its channel")
@Category({"Netty", "kqueue"})
// Of the event loop's own code, the same each time.
@StackTrace(false)
final class ErrorEvent extends Event {

    @Label("Call")
    @Description("C name of the system call")
    String call;

    @Label("Descriptor")
    @Description("Descriptor or other ident that the call was about, -1 for none")
    int descriptor;

    @Label("Error Number")
    @Description("errno, in the numbering of this system")
    int errno;

    @Label("Error")
    @Description("C name of the error number")
    String error;

    ErrorEvent(String call, int descriptor, int errno, String error) {
        this.call = call;
        this.descriptor = descriptor;
        this.errno = errno;
        this.error = error;
    }
}
