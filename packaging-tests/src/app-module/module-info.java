// SPDX-License-Identifier: Apache-2.0

/** The transport brings io.netty.transport with it; the other two are for this application's own use of Netty. */
module demo.echo {
    requires io.github.kqueueffm;
    requires io.netty.buffer;
    requires io.netty.common;
}
