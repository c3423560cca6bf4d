package wazy

import (
	"context"
	"fmt"

	"github.com/samyfodil/wazy"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/internal/purego"
)

// loaded is a compiled module.
type loaded struct {
	machine  *machine
	compiled wazy.CompiledModule
	config   wazy.ModuleConfig
	iface    runners.Interface
	right    uint32 // the exit code of a command
}

// Close releases the compiled module.
func (l *loaded) Close() error { return l.compiled.Close(context.Background()) }

// Instantiate makes an anonymous instance and runs its _initialize, which
// wazy does in one go: PhaseInstantiate holds both.
func (l *loaded) Instantiate(ctx context.Context, t *runners.Trace) (runners.Instance, error) {
	if l.iface == runners.Stdio {
		return l.instantiateCommand(ctx, t)
	}
	module, err := l.machine.engine.InstantiateModule(ctx, l.compiled, l.config)
	if err != nil {
		return nil, trapped(err)
	}
	in, err := purego.NewInstance(module, module.ExportedFunction(abi.Alloc), module.ExportedFunction(abi.Handle), module.ExportedMemory(abi.Memory))
	if err != nil {
		return nil, err
	}
	t.Mark(runners.PhaseInstantiate)
	return in, nil
}

// instantiateCommand makes an instance whose _start has yet to be called.
func (l *loaded) instantiateCommand(ctx context.Context, t *runners.Trace) (runners.Instance, error) {
	c := &purego.Command{Right: l.right}
	config := l.config.WithStdin(c.Stdin()).WithStdout(c.Stdout()).WithStderr(c.Stderr())
	module, err := l.machine.engine.InstantiateModule(ctx, l.compiled, config)
	if err != nil {
		return nil, trapped(err)
	}
	if err := c.Hold(module, module.ExportedFunction(abi.Start)); err != nil {
		return nil, err
	}
	t.Mark(runners.PhaseInstantiate)
	return c, nil
}

func trapped(err error) error {
	return fmt.Errorf("instantiate: %w: %s", runners.ErrTrap, purego.FirstLine(err))
}
