// Waiting for the kernel to leave what it was in the middle of.
#pragma once

namespace gimlet::runtime {

// Returns once every BPF program that was running has ended (the kernel runs them as readers of
// RCU); some 10 ms. False if this kernel or machine offers no such wait.
bool wait_for_running_programs();

}  // namespace gimlet::runtime
