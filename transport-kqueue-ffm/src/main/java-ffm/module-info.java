// SPDX-License-Identifier: Apache-2.0

/** A Netty transport on kqueue, without JNI. Only the packages of public types are exported. */
module io.github.kqueueffm {
    requires transitive io.netty.transport;
    requires io.netty.common;
    requires io.netty.buffer;
    requires io.netty.transport.unix.common;
    requires static com.sun.jna;
    requires static jdk.jfr;
    requires static jdk.unsupported;
    requires static org.jspecify;

    exports io.github.kqueueffm;
    exports io.github.kqueueffm.handle;
}
