package identify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// Docker asks an engine by the command docker, which also exports the image.
type Docker struct{}

// askWithin bounds a question to the engine.
const askWithin = 20 * time.Second

// Ports implements Engine.
func (Docker) Ports(ctx context.Context, name string) ([]uint16, error) {
	if _, err := exec.LookPath("docker"); err != nil {
		return nil, errors.New("the command docker is missing")
	}
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	var complaint bytes.Buffer
	cmd := exec.CommandContext(ctx, "docker", "image", "inspect", "--format", "{{json .Config.ExposedPorts}}", "--", name)
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		line, _, _ := strings.Cut(strings.TrimSpace(complaint.String()), "\n")
		if strings.Contains(strings.ToLower(line), "no such image") || strings.Contains(line, "invalid reference format") {
			err = errNone
		}
		return nil, fmt.Errorf("%.200s: %w", line, err)
	}
	var exposed map[string]struct{}
	if err := json.Unmarshal(out, &exposed); err != nil {
		return nil, fmt.Errorf("the engine's answer about the image %s is no JSON: %w", name, err)
	}
	var texts []string
	for port := range exposed {
		texts = append(texts, port)
	}
	return ports(texts), nil
}
